-- What the fund wants to hold, every trade it considered on the way there, and what it proposed. No order is sent from here.
create schema if not exists portfolio;

create table portfolio.rebalances (
  run              text collate "C" primary key,
  session          date not null,
  as_of            date not null,
  source           text collate "C" not null,
  signals          text collate "C" not null,
  value            numeric not null,
  cash             numeric not null,
  initial_funding  boolean not null,
  inflow           numeric not null,
  income           numeric not null
);
create index rebalances_session on portfolio.rebalances (source, session);
comment on table portfolio.rebalances is 'A rebalance and the fund it starts from, at the last close before its session. Written by open-rebalance.';
comment on column portfolio.rebalances.run is 'the run that decides';
comment on column portfolio.rebalances.session is 'the session that the orders are for';
comment on column portfolio.rebalances.as_of is 'the last session that had closed: nothing later is looked at';
comment on column portfolio.rebalances.source is 'whose prices';
comment on column portfolio.rebalances.signals is 'the run whose signals are used';
comment on column portfolio.rebalances.value is 'cash and holdings at their last close, base currency';
comment on column portfolio.rebalances.cash is 'base currency';
comment on column portfolio.rebalances.initial_funding is 'nothing had ever happened to the fund: its capital is to be invested';
comment on column portfolio.rebalances.inflow is 'paid in and net dividends since the report before, less what was taken out, base currency';
comment on column portfolio.rebalances.income is 'net dividends of the twelve months before the session, base currency';

create table portfolio.starting_names (
  run        text collate "C" not null references portfolio.rebalances on delete cascade,
  symbol     text collate "C" not null,
  sector     text not null,
  asset      text collate "C" not null,
  held       numeric not null,
  price      numeric,
  price_age  integer,
  market     jsonb not null,
  primary key (run, symbol)
);
comment on table portfolio.starting_names is 'What was known of each name that is held or has a signal when the rebalance was decided. Written by open-rebalance.';
comment on column portfolio.starting_names.run is 'the run that decides';
comment on column portfolio.starting_names.symbol is 'the symbol as the source names it';
comment on column portfolio.starting_names.sector is 'the sector its caps count by';
comment on column portfolio.starting_names.asset is 'equity or crypto';
comment on column portfolio.starting_names.held is 'shares or coins; 0 when it is not held';
comment on column portfolio.starting_names.price is 'last close as traded; null when there is none';
comment on column portfolio.starting_names.price_age is 'sessions between that close and as_of';
comment on column portfolio.starting_names.market is 'what costs are estimated from: median daily value (base currency) and volume (shares), daily deviation of returns (a fraction), spread (bps)';

create table portfolio.target_weights (
  run       text collate "C" not null references portfolio.rebalances on delete cascade,
  symbol    text collate "C" not null,
  sector    text not null,
  weight    double precision not null,
  uncapped  double precision not null,
  note      text not null,
  primary key (run, symbol)
);
comment on table portfolio.target_weights is 'What a rebalance wants to hold, and what it wants to be rid of. Written by set-target-weights.';
comment on column portfolio.target_weights.run is 'the run that decides';
comment on column portfolio.target_weights.symbol is 'the symbol as the source names it';
comment on column portfolio.target_weights.sector is 'the sector its caps count by';
comment on column portfolio.target_weights.weight is 'share of the fund''s value, cash included; 0 for what is to be sold';
comment on column portfolio.target_weights.uncapped is 'the same before caps';
comment on column portfolio.target_weights.note is 'what brought it there';

create table portfolio.considered_trades (
  run                 text collate "C" not null references portfolio.rebalances on delete cascade,
  id                  text collate "C" not null,
  session             date not null,
  symbol              text collate "C" not null,
  sector              text not null,
  side                text collate "C" not null check (side in ('buy', 'sell')),
  reason              text collate "C" not null,
  current_weight      double precision not null,
  target_weight       double precision not null,
  band_low            double precision not null,
  band_high           double precision not null,
  wanted_quantity     numeric not null,
  quantity            numeric not null check (quantity >= 0),
  price               numeric not null,
  notional            numeric not null,
  alpha_source        text collate "C" not null,
  expected_alpha_bps  double precision,
  gross_alpha_bps     double precision,
  cost_in_bps         double precision,
  cost_out_bps        double precision,
  net_alpha_bps       double precision,
  costs               jsonb not null,
  verdict             text collate "C" not null,
  explanation         text not null,
  primary key (run, id),
  check ((verdict = 'order') = (quantity > 0))
);
create index considered_trades_id on portfolio.considered_trades (id);
comment on table portfolio.considered_trades is 'Every trade a rebalance considered, made or not, one a name. Written by estimate-costs and check-limits.';
comment on column portfolio.considered_trades.run is 'the run that decides';
comment on column portfolio.considered_trades.id is 'session, revision of the run if it is not the first, symbol and side';
comment on column portfolio.considered_trades.session is 'the session that the orders are for';
comment on column portfolio.considered_trades.symbol is 'the symbol as the source names it';
comment on column portfolio.considered_trades.sector is 'the sector its caps count by';
comment on column portfolio.considered_trades.side is 'buy or sell';
comment on column portfolio.considered_trades.reason is 'new, increase, decrease, exit, forced-exit or initial-funding';
comment on column portfolio.considered_trades.current_weight is 'share of the fund''s value held before';
comment on column portfolio.considered_trades.target_weight is 'share of the fund''s value wanted';
comment on column portfolio.considered_trades.band_low is 'from this weight on nothing is done';
comment on column portfolio.considered_trades.band_high is 'up to this weight nothing is done';
comment on column portfolio.considered_trades.wanted_quantity is 'shares or coins that would do what the band asks for, before budgets and cash';
comment on column portfolio.considered_trades.quantity is 'shares or coins proposed; 0 unless the verdict is order';
comment on column portfolio.considered_trades.price is 'last close as traded; 0 when there is none';
comment on column portfolio.considered_trades.notional is 'quantity (wanted, when nothing is proposed) × price, base currency';
comment on column portfolio.considered_trades.alpha_source is 'composite or model';
comment on column portfolio.considered_trades.expected_alpha_bps is 'of holding the name over 21 sessions, bps; null when nobody knows';
comment on column portfolio.considered_trades.gross_alpha_bps is 'in favour of this trade, bps; null when nobody knows';
comment on column portfolio.considered_trades.cost_in_bps is 'of the trade, bps of its notional; null when it cannot be estimated';
comment on column portfolio.considered_trades.cost_out_bps is 'of undoing it, bps of its notional; null when it cannot be estimated';
comment on column portfolio.considered_trades.net_alpha_bps is 'gross less cost in less cost out × the probability of getting out, bps';
comment on column portfolio.considered_trades.costs is 'each cost line in base currency and bps, and what nobody knew';
comment on column portfolio.considered_trades.verdict is 'order, or what stopped it';
comment on column portfolio.considered_trades.explanation is 'why, with the numbers';

create table portfolio.order_reports (
  run                text collate "C" primary key references portfolio.rebalances on delete cascade,
  session            date not null,
  as_of              date not null,
  source             text collate "C" not null,
  signals            text collate "C" not null,
  value              numeric not null,
  cash_before        numeric not null,
  cash_after         numeric not null,
  buys               numeric not null,
  sells              numeric not null,
  costs              numeric not null,
  turnover           double precision not null,
  budgeted_turnover  double precision not null,
  orders             integer not null,
  suppressed         integer not null,
  html               text collate "C" not null,
  csv                text collate "C" not null,
  json               text collate "C" not null,
  parquet            text collate "C" not null,
  place              bigint generated always as identity
);
create index order_reports_latest on portfolio.order_reports (source, session, place);
comment on table portfolio.order_reports is 'What a rebalance proposed, in sums, and where its report lies. Written by write-order-report.';
comment on column portfolio.order_reports.run is 'the run that decided';
comment on column portfolio.order_reports.session is 'the session that the orders are for';
comment on column portfolio.order_reports.as_of is 'the last session that had closed';
comment on column portfolio.order_reports.source is 'whose prices';
comment on column portfolio.order_reports.signals is 'the run whose signals were used';
comment on column portfolio.order_reports.value is 'of the fund before, base currency';
comment on column portfolio.order_reports.cash_before is 'base currency';
comment on column portfolio.order_reports.cash_after is 'if every order is filled at its price and costs what was estimated, base currency';
comment on column portfolio.order_reports.buys is 'sum of the buys, base currency';
comment on column portfolio.order_reports.sells is 'sum of the sales, base currency';
comment on column portfolio.order_reports.costs is 'estimated, of all orders, base currency';
comment on column portfolio.order_reports.turnover is 'one-way: half of buys and sales over the value';
comment on column portfolio.order_reports.budgeted_turnover is 'what of it counts against the budgets of the month and the year';
comment on column portfolio.order_reports.orders is 'number of orders';
comment on column portfolio.order_reports.suppressed is 'number of trades that were considered and not made';
comment on column portfolio.order_reports.html is 'object key of the report';
comment on column portfolio.order_reports.csv is 'object key of its rows as CSV';
comment on column portfolio.order_reports.json is 'object key of its whole content as JSON';
comment on column portfolio.order_reports.parquet is 'object key of its rows as Parquet';
comment on column portfolio.order_reports.place is 'order of the first writing, to tell the last of a session''s runs (volatile)';

create view portfolio.pending_orders as
  select r.source, t.session, t.run, t.id, t.symbol, t.side, t.quantity, t.price, t.notional, t.explanation
  from (select distinct on (source) run, source from portfolio.order_reports order by source, session desc, place desc) r
    join portfolio.considered_trades t on t.run = r.run and t.verdict = 'order';
comment on view portfolio.pending_orders is 'The orders of each source''s newest report: what is proposed, whether or not a broker was given it.';
comment on column portfolio.pending_orders.source is 'whose prices';
comment on column portfolio.pending_orders.session is 'the session that the orders are for';
comment on column portfolio.pending_orders.run is 'the run that decided';
comment on column portfolio.pending_orders.id is 'the order''s name';
comment on column portfolio.pending_orders.symbol is 'the symbol as the source names it';
comment on column portfolio.pending_orders.side is 'buy or sell';
comment on column portfolio.pending_orders.quantity is 'shares or coins';
comment on column portfolio.pending_orders.price is 'last close as traded, base currency';
comment on column portfolio.pending_orders.notional is 'quantity × price, base currency';
comment on column portfolio.pending_orders.explanation is 'why, with the numbers';
