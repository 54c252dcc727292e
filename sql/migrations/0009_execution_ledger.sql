-- What happened to the fund's holdings and cash. Amounts in the base currency; quantities and prices are exact.
create schema if not exists execution;

create table execution.orders (
  id        text collate "C" primary key,
  run       text collate "C" not null,
  source    text collate "C" not null,
  broker    text collate "C" not null,
  session   date not null,
  symbol    text collate "C" not null,
  side      text collate "C" not null check (side in ('buy', 'sell')),
  quantity  numeric not null check (quantity > 0),
  state     text collate "C" not null check (state in ('submitted', 'filled', 'expired'))
);
create index orders_open on execution.orders (source, session) where state = 'submitted';
comment on table execution.orders is 'Orders that a broker was given. Written by submit-orders and settle-orders.';
comment on column execution.orders.id is 'of the proposed trade, as the order report names it';
comment on column execution.orders.run is 'the rebalance that proposed it';
comment on column execution.orders.source is 'whose prices it was decided with';
comment on column execution.orders.broker is 'who was given it';
comment on column execution.orders.session is 'the first session that it may be filled in';
comment on column execution.orders.symbol is 'the symbol as the source names it';
comment on column execution.orders.side is 'buy or sell';
comment on column execution.orders.quantity is 'shares or coins, on the share count of when it was decided';
comment on column execution.orders.state is 'submitted: may still fill; filled: whole; expired: will fill no more, what was filled is in execution.fills';

create table execution.fills (
  order_id         text collate "C" not null references execution.orders,
  execution        text collate "C" not null,
  session          date not null,
  quantity         numeric not null check (quantity > 0),
  price            numeric not null,
  fee              numeric not null,
  reference_price  numeric,
  at               timestamptz not null,
  primary key (order_id, execution)
);
create index fills_session on execution.fills (session);
comment on table execution.fills is 'What a broker did of an order. Written by settle-orders; the ledger has them as trades.';
comment on column execution.fills.order_id is 'the order';
comment on column execution.fills.execution is 'distinguishes the fills of an order, the broker''s word';
comment on column execution.fills.session is 'the session it was filled in';
comment on column execution.fills.quantity is 'shares or coins, on the share count of the session';
comment on column execution.fills.price is 'paid or received for a share, half-spread and impact included';
comment on column execution.fills.fee is 'commission and exchange fees';
comment on column execution.fills.reference_price is 'before half-spread and impact; null when the broker does not know it';
comment on column execution.fills.at is 'when it was filled';

create table execution.entries (
  key              text collate "C" primary key,
  source           text collate "C" not null,
  session          date not null,
  kind             text collate "C" not null check (kind in ('flow', 'opening', 'split', 'dividend', 'trade')),
  symbol           text collate "C" check ((symbol is null) = (kind = 'flow')),
  side             text collate "C" check (side is null or (side in ('buy', 'sell') and kind = 'trade')),
  quantity         numeric check (quantity > 0),
  price            numeric,
  value            numeric,
  fee              numeric,
  ratio            numeric check (ratio > 0),
  gross            numeric,
  withheld         numeric,
  amount           numeric,
  reason           text,
  origin           text collate "C",
  order_id         text collate "C",
  reference_price  numeric,
  at               timestamptz,
  recorded_at      timestamptz not null default now(),
  check (kind <> 'flow' or (amount is not null and reason is not null)),
  check (kind <> 'opening' or (quantity is not null and price is not null and value is not null)),
  check (kind <> 'split' or ratio is not null),
  check (kind <> 'dividend' or (quantity is not null and price is not null and gross is not null and withheld is not null and amount is not null)),
  check (kind <> 'trade' or (side is not null and quantity is not null and price is not null and value is not null and fee is not null and origin is not null and at is not null))
);
create index entries_session on execution.entries (session);
comment on table execution.entries is 'The ledger: every flow, opening, split, dividend and trade once; positions and cash are the fold of them. Written by record-fills and by the command line.';
comment on column execution.entries.key is 'what the fact is: recording it twice is recording it once';
comment on column execution.entries.source is 'whose prices; one for the whole ledger';
comment on column execution.entries.session is 'the session it counts in; of one session flows come first, then openings, splits, dividends, sells and buys';
comment on column execution.entries.kind is 'flow, opening, split, dividend or trade';
comment on column execution.entries.symbol is 'the symbol as the source names it; null for a flow';
comment on column execution.entries.side is 'trade: buy or sell';
comment on column execution.entries.quantity is 'shares or coins; dividend: those it was paid on';
comment on column execution.entries.price is 'of a share; opening: average cost; dividend: cash per share';
comment on column execution.entries.value is 'quantity x price in cents, rounded half to even: trade and opening';
comment on column execution.entries.fee is 'trade: commission and exchange fees';
comment on column execution.entries.ratio is 'split: new shares per old share';
comment on column execution.entries.gross is 'dividend: before withholding';
comment on column execution.entries.withheld is 'dividend: kept back at its source';
comment on column execution.entries.amount is 'what the cash changed by; flow: paid in (positive) or taken out; dividend: gross less withheld';
comment on column execution.entries.reason is 'flow: why, in words';
comment on column execution.entries.origin is 'trade: model, import or reinvestment';
comment on column execution.entries.order_id is 'trade: the order it fills; null when there was none';
comment on column execution.entries.reference_price is 'trade: before half-spread and impact; null when not known';
comment on column execution.entries.at is 'trade: when it was made';
comment on column execution.entries.recorded_at is 'when it was recorded (volatile)';

create table execution.positions (
  symbol        text collate "C" primary key,
  quantity      numeric not null check (quantity >= 0),
  cost          numeric not null,
  average_cost  numeric not null,
  realised      numeric not null,
  dividends     numeric not null,
  fees          numeric not null,
  opened        date not null,
  lots          jsonb not null
);
comment on table execution.positions is 'What the ledger comes to, by symbol; closed positions stay with a quantity of zero. Written with every entry, by record-fills and by the command line.';
comment on column execution.positions.symbol is 'the symbol as the source names it';
comment on column execution.positions.quantity is 'shares or coins held';
comment on column execution.positions.cost is 'of all shares held, fees not included';
comment on column execution.positions.average_cost is 'cost / quantity, to ten decimals; 0 when nothing is held';
comment on column execution.positions.realised is 'proceeds less the cost of what was sold so far, fees not included';
comment on column execution.positions.dividends is 'net of withholding, so far';
comment on column execution.positions.fees is 'of all trades so far';
comment on column execution.positions.opened is 'session since when something is held, or was last';
comment on column execution.positions.lots is 'what is held, first bought first: session, quantity, price';

create view execution.trades as
  select session, symbol, side, quantity, price, value, fee, reference_price, origin, order_id, at, key
  from execution.entries where kind = 'trade';
comment on view execution.trades is 'Every buy and sell of the ledger; columns as in execution.entries.';

create view execution.dividends as
  select session, symbol, quantity, price as per_share, gross, withheld, amount as net, key
  from execution.entries where kind = 'dividend';
comment on view execution.dividends is 'Every dividend of the ledger by ex-date; columns as in execution.entries.';

create view execution.flows as
  select session, amount, reason, key from execution.entries where kind = 'flow';
comment on view execution.flows is 'Cash paid in and taken out from outside; columns as in execution.entries.';

create view execution.splits as
  select session, symbol, ratio, key from execution.entries where kind = 'split';
comment on view execution.splits is 'Splits of what was held; columns as in execution.entries.';

create view execution.cash as
  select session, flows, dividends, sells, buys, fees, sum(flows + dividends + sells - buys - fees) over (order by session) as balance
  from (
    select session,
           coalesce(sum(amount) filter (where kind = 'flow'), 0) as flows,
           coalesce(sum(amount) filter (where kind = 'dividend'), 0) as dividends,
           coalesce(sum(value) filter (where side = 'sell'), 0) as sells,
           coalesce(sum(value) filter (where side = 'buy'), 0) as buys,
           coalesce(sum(fee), 0) as fees
    from execution.entries where kind in ('flow', 'dividend', 'trade') group by session
  ) as moved;
comment on view execution.cash is 'What moved the cash, by session, and the balance after it.';
