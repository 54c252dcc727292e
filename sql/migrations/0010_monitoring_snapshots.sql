-- The fund at every session's close, what was measured of it and which limits it crossed. Money and quantities are exact, in the base currency.
create schema monitoring;
comment on schema monitoring is 'The room monitoring: marks, figures and alerts. Written by its steps alone.';

create table monitoring.portfolio_snapshots (
  source            text collate "C" not null,
  session           date not null,
  value             numeric not null,
  cash              numeric not null,
  invested          numeric not null,
  flow              numeric not null,
  income            numeric not null,
  realised          numeric not null,
  unrealised        numeric not null,
  fees              numeric not null,
  costs             numeric not null,
  profit            numeric not null,
  session_return    double precision,
  benchmark_return  double precision,
  turnover          double precision not null,
  positions         integer not null,
  primary key (source, session)
);
comment on table monitoring.portfolio_snapshots is 'The fund at a close and what the session brought: profit = value - value before - flow = realised + unrealised + income - costs. Written by mark-to-market.';
comment on column monitoring.portfolio_snapshots.source is 'where the prices are from';
comment on column monitoring.portfolio_snapshots.session is 'trading date';
comment on column monitoring.portfolio_snapshots.value is 'cash + invested';
comment on column monitoring.portfolio_snapshots.cash is 'after everything recorded up to the session';
comment on column monitoring.portfolio_snapshots.invested is 'quantities by their last closes';
comment on column monitoring.portfolio_snapshots.flow is 'paid in (negative: taken out) before the session opened, openings in kind at their price included';
comment on column monitoring.portfolio_snapshots.income is 'dividends of the session, net of withholding';
comment on column monitoring.portfolio_snapshots.realised is 'gains of the session''s sales, before slippage';
comment on column monitoring.portfolio_snapshots.unrealised is 'change of unrealised gains, before the slippage of the session''s buys';
comment on column monitoring.portfolio_snapshots.fees is 'of the session''s trades';
comment on column monitoring.portfolio_snapshots.costs is 'fees and, where the broker knows its reference price, slippage';
comment on column monitoring.portfolio_snapshots.profit is 'value - value before - flow';
comment on column monitoring.portfolio_snapshots.session_return is 'time-weighted, a fraction; null when nothing was invested before the open';
comment on column monitoring.portfolio_snapshots.benchmark_return is 'of the same session, a fraction; null without a bar of it or of the session before';
comment on column monitoring.portfolio_snapshots.turnover is 'one-way: half of all that was bought and sold over the value, a fraction';
comment on column monitoring.portfolio_snapshots.positions is 'names held';

create table monitoring.position_marks (
  source         text collate "C" not null,
  session        date not null,
  symbol         text collate "C" not null,
  sector         text not null,
  quantity       numeric not null,
  average_cost   numeric not null,
  price          numeric not null,
  price_age      integer not null,
  value          numeric not null,
  weight         double precision,
  target_weight  double precision,
  unrealised     numeric not null,
  primary key (source, session, symbol)
);
comment on table monitoring.position_marks is 'Every position at a close. Written by mark-to-market.';
comment on column monitoring.position_marks.source is 'where the prices are from';
comment on column monitoring.position_marks.session is 'trading date';
comment on column monitoring.position_marks.symbol is 'the symbol as the source names it';
comment on column monitoring.position_marks.sector is 'as the mandate lists the name';
comment on column monitoring.position_marks.quantity is 'shares or coins';
comment on column monitoring.position_marks.average_cost is 'of one share, fees not included';
comment on column monitoring.position_marks.price is 'close as traded, the last known one when the session brought none';
comment on column monitoring.position_marks.price_age is 'sessions since that close; 0 when it is the session''s own';
comment on column monitoring.position_marks.value is 'quantity x price';
comment on column monitoring.position_marks.weight is 'share of the fund''s value, cash included; null when that is not above zero';
comment on column monitoring.position_marks.target_weight is 'of the newest order report up to the session; null for a name in none';
comment on column monitoring.position_marks.unrealised is 'value less cost';

create table monitoring.figures (
  source            text collate "C" not null,
  session           date not null,
  name              text collate "C" not null,
  place             integer not null,
  value             double precision,
  n                 integer not null,
  periods_per_year  double precision,
  needed            integer,
  primary key (source, session, name),
  check ((value is null) = (needed is not null))
);
comment on table monitoring.figures is 'Performance, risk and exposure as of a session''s close. Written by measure-risk.';
comment on column monitoring.figures.source is 'where the prices are from';
comment on column monitoring.figures.session is 'trading date';
comment on column monitoring.figures.name is 'such as sharpe, sharpe_252 (its last sessions) or exposure.sector.Energy';
comment on column monitoring.figures.place is 'order in which figures are shown, from 1';
comment on column monitoring.figures.value is 'returns and shares as fractions; null when there is too little to tell';
comment on column monitoring.figures.n is 'observations';
comment on column monitoring.figures.periods_per_year is 'what it is annualised by; null when it is not';
comment on column monitoring.figures.needed is 'observations that would be enough, where there are too few';

create table monitoring.judgements (
  source   text collate "C" not null,
  session  date not null,
  primary key (source, session)
);
comment on table monitoring.judgements is 'Sessions at which the alert conditions of the mandate were judged. Written by raise-alerts.';
comment on column monitoring.judgements.source is 'where the prices are from';
comment on column monitoring.judgements.session is 'trading date';

create table monitoring.findings (
  source     text collate "C" not null,
  session    date not null,
  alert      text collate "C" not null,
  severity   text collate "C" not null check (severity in ('critical', 'warning')),
  message    text not null,
  value      double precision not null,
  threshold  double precision not null,
  primary key (source, session, alert),
  foreign key (source, session) references monitoring.judgements on delete cascade
);
comment on table monitoring.findings is 'Conditions that held at a judgement; monitoring.alerts() makes alerts of them. Written by raise-alerts.';
comment on column monitoring.findings.source is 'where the prices are from';
comment on column monitoring.findings.session is 'trading date';
comment on column monitoring.findings.alert is 'names the condition and what it is about, such as name-weight:AAPL';
comment on column monitoring.findings.severity is 'critical or warning';
comment on column monitoring.findings.message is 'what was found and what the mandate allows';
comment on column monitoring.findings.value is 'what was found';
comment on column monitoring.findings.threshold is 'what the mandate allows';

-- An alert lasts over consecutive judgements that found its condition: it is derived, so a session may be judged again in any order.
create function monitoring.alerts(of_source text, through date default 'infinity')
returns table (alert text, severity text, message text, value double precision, threshold double precision, raised date, resolved date)
language sql stable
begin atomic
  with judged as (
    select j.session, row_number() over (order by j.session) as place
    from monitoring.judgements j where j.source = of_source and j.session <= through
  ), held as (
    select f.*, judged.place, judged.place - row_number() over (partition by f.alert order by judged.place) as spell
    from monitoring.findings f join judged using (session) where f.source = of_source
  ), spells as (
    select held.alert, min(held.session) as raised, max(held.place) as last from held group by held.alert, held.spell
  )
  select held.alert, held.severity, held.message, held.value, held.threshold, spells.raised, after.session
  from spells
  join held on held.alert = spells.alert and held.place = spells.last
  left join judged as after on after.place = spells.last + 1;
end;
comment on function monitoring.alerts(text, date) is 'The alerts of a source as of a session: when each was raised and resolved (null: open), with what was last found while it held.';
