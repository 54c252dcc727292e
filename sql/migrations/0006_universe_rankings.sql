-- Who may be held and who ranks where, by what was known after a session's close. Numbers that cannot be known are null.
create schema if not exists universe;

create table universe.instruments (
  symbol    text collate "C" primary key,
  name      text not null,
  sector    text collate "C" not null,
  currency  text collate "C" not null,
  exchange  text collate "C" not null,
  asset     text collate "C" not null,
  calendar  text collate "C" not null
);
comment on table universe.instruments is 'Current particulars of every name that a mandate has listed. Written by define-universe.';
comment on column universe.instruments.symbol is 'the symbol as the source names it';
comment on column universe.instruments.name is 'of the company or coin';
comment on column universe.instruments.sector is 'GICS sector; Crypto for coins';
comment on column universe.instruments.currency is 'ISO 4217';
comment on column universe.instruments.exchange is 'market identifier code; 24/7 for coins';
comment on column universe.instruments.asset is 'equity, index, rate or crypto';
comment on column universe.instruments.calendar is 'XNYS or 24/7';

create table universe.members (
  run                   text collate "C" not null,
  symbol                text collate "C" not null,
  as_of                 date not null,
  source                text collate "C" not null,
  status                text collate "C" not null check (status in ('eligible', 'observed', 'excluded', 'filtered')),
  reasons               text[] not null,
  listing               jsonb not null,
  history_sessions      integer,
  median_dollar_volume  double precision,
  price                 double precision,
  quality               double precision,
  age_sessions          integer,
  primary key (run, symbol)
);
create index members_symbol on universe.members (symbol, as_of);
comment on table universe.members is 'A run''s listings, each with whether it may be ranked and why not. Written by apply-filters.';
comment on column universe.members.run is 'the run that looked';
comment on column universe.members.symbol is 'the symbol as the source names it';
comment on column universe.members.as_of is 'the session after whose close the run looked';
comment on column universe.members.source is 'whose bars';
comment on column universe.members.status is 'eligible; observed: ranked, not added to; excluded: must be sold; filtered: not ranked';
comment on column universe.members.reasons is 'why it is not simply eligible, in words';
comment on column universe.members.listing is 'its particulars at the time of the run, as in universe.instruments';
comment on column universe.members.history_sessions is 'sessions with a bar in the history looked at; null when the name was not measured';
comment on column universe.members.median_dollar_volume is 'median of close x volume, base currency a session';
comment on column universe.members.price is 'last close as traded, base currency';
comment on column universe.members.quality is 'good bars over expected ones, 0 to 1';
comment on column universe.members.age_sessions is 'sessions between the newest bar and the session looked at';

create table universe.runs (
  run        text collate "C" primary key,
  as_of      date not null,
  source     text collate "C" not null,
  ranked_at  timestamptz not null default now()
);
create index runs_latest on universe.runs (source, as_of desc, ranked_at desc, run desc);
comment on table universe.runs is 'The runs that ranked a universe. Written by rank-stocks.';
comment on column universe.runs.run is 'the run';
comment on column universe.runs.as_of is 'the session after whose close it looked';
comment on column universe.runs.source is 'whose bars';
comment on column universe.runs.ranked_at is 'when it was first ranked, to tell the last of a session''s runs (volatile)';

create table universe.rankings (
  run         text collate "C" not null references universe.runs on delete cascade,
  symbol      text collate "C" not null,
  sector      text collate "C" not null,
  rank        integer not null,
  quintile    integer not null check (quintile between 1 and 5),
  score       double precision not null,
  observed    boolean not null,
  momentum    jsonb not null,
  volatility  double precision,
  rsi         double precision,
  sharpe      double precision,
  factors     jsonb not null,
  z_scores    jsonb not null,
  primary key (run, symbol)
);
comment on table universe.rankings is 'The eligible stocks of a run, ranked among themselves. Written by rank-stocks.';
comment on column universe.rankings.run is 'the run that ranked';
comment on column universe.rankings.symbol is 'the symbol as the source names it';
comment on column universe.rankings.sector is 'GICS sector; Crypto for coins';
comment on column universe.rankings.rank is '1 is the best; ties go by symbol';
comment on column universe.rankings.quintile is '1 (best fifth) to 5';
comment on column universe.rankings.score is 'mean of the z-scores, weighted by those of the factors it has';
comment on column universe.rankings.observed is 'may be held but not added to';
comment on column universe.rankings.momentum is 'total return by number of sessions, fractions';
comment on column universe.rankings.volatility is 'standard deviation of daily returns, annualised, a fraction';
comment on column universe.rankings.rsi is 'relative strength index, 0 to 100';
comment on column universe.rankings.sharpe is 'of daily returns, annualised, above a rate of 0';
comment on column universe.rankings.factors is 'value of each factor, more being better; null when missing';
comment on column universe.rankings.z_scores is 'of the winsorised values, cross-sectional; null when missing';
