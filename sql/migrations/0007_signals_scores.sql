-- What the fund thinks of each ranked stock after a session's close, and how it came to think so.
create schema if not exists signals;

create table signals.scores (
  run        text collate "C" not null,
  component  text collate "C" not null check (component in ('technical', 'fundamental', 'sentiment', 'alpha')),
  symbol     text collate "C" not null,
  as_of      date not null,
  source     text collate "C" not null,
  score      double precision,
  reason     text,
  coverage   double precision,
  parts      jsonb,
  evidence   jsonb,
  primary key (run, component, symbol),
  check ((score is null) = (reason is not null))
);
create index scores_symbol on signals.scores (symbol, component, as_of);
comment on table signals.scores is 'A component''s score of a stock, or why there is none. Written by the score-… steps, each its own component.';
comment on column signals.scores.run is 'the run that scored';
comment on column signals.scores.component is 'technical, fundamental, sentiment or alpha';
comment on column signals.scores.symbol is 'the symbol as the source names it';
comment on column signals.scores.as_of is 'the session after whose close it was scored';
comment on column signals.scores.source is 'whose data';
comment on column signals.scores.score is '0 to 100; null when there is none';
comment on column signals.scores.reason is 'why there is no score; null when there is one';
comment on column signals.scores.coverage is 'share of the rules'' weight that could be applied, 0 to 1';
comment on column signals.scores.parts is 'each rule that was applied: name, value, score 0 to 100, weight (they sum to one)';
comment on column signals.scores.evidence is 'the numbers behind it';

create table signals.runs (
  run          text collate "C" primary key,
  as_of        date not null,
  source       text collate "C" not null,
  universe     text collate "C" not null,
  combined_at  timestamptz not null default now()
);
create index runs_latest on signals.runs (source, as_of desc, combined_at desc, run desc);
comment on table signals.runs is 'The runs that combined signals. Written by combine-signals.';
comment on column signals.runs.run is 'the run';
comment on column signals.runs.as_of is 'the session after whose close it scored';
comment on column signals.runs.source is 'whose data';
comment on column signals.runs.universe is 'the run whose ranked stocks were scored';
comment on column signals.runs.combined_at is 'when they were first combined, to tell the last of a session''s runs (volatile)';

create table signals.signals (
  run               text collate "C" not null references signals.runs on delete cascade,
  symbol            text collate "C" not null,
  sector            text collate "C" not null,
  score             double precision not null,
  band              text collate "C" not null check (band in ('strong_buy', 'buy', 'hold', 'sell', 'strong_sell')),
  z_score           double precision not null,
  contributions     jsonb not null,
  absent            jsonb not null,
  rank              integer not null,
  quintile          integer not null,
  observed          boolean not null,
  daily_volatility  double precision,
  primary key (run, symbol)
);
create index signals_symbol on signals.signals (symbol, run);
comment on table signals.signals is 'The composite of every scored stock of a run. Written by combine-signals.';
comment on column signals.signals.run is 'the run that combined';
comment on column signals.signals.symbol is 'the symbol as the source names it';
comment on column signals.signals.sector is 'GICS sector; Crypto for coins';
comment on column signals.signals.score is 'composite, 0 to 100';
comment on column signals.signals.band is 'strong_buy, buy, hold, sell or strong_sell';
comment on column signals.signals.z_score is 'of the composite among the run''s stocks, sample deviation';
comment on column signals.signals.contributions is 'each component: score, weight (they sum to one), contribution = score x weight (they sum to the composite)';
comment on column signals.signals.absent is 'components without a score, each with the reason';
comment on column signals.signals.rank is 'in the ranking of the universe, 1 is the best';
comment on column signals.signals.quintile is 'in the ranking of the universe, 1 (best fifth) to 5';
comment on column signals.signals.observed is 'may be held but not added to';
comment on column signals.signals.daily_volatility is 'standard deviation of daily total returns, a fraction, not annualised; null when unknown';
