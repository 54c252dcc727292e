-- Bars in PostgreSQL: what is current, what was replaced, what has moved to the cold store.
create schema if not exists ingestion;
comment on schema ingestion is 'Market data as gathered and checked. Written by the room "ingestion" alone.';

create table ingestion.market_data (
  symbol      text collate "C" not null,
  date        date not null,
  source      text collate "C" not null,
  asset       text collate "C" not null check (asset in ('equity', 'index', 'rate', 'crypto')),
  basis       text collate "C" not null check (basis in ('raw', 'split-adjusted', 'adjusted')),
  open        double precision not null,
  high        double precision not null,
  low         double precision not null,
  close       double precision not null,
  volume      double precision,
  bid         double precision,
  ask         double precision,
  known_from  timestamptz not null default now(),
  primary key (symbol, date, source),
  -- NaN counts as greater than infinity here, so this refuses both.
  check (greatest(open, high, low, close, volume, bid, ask) < 'Infinity' and least(open, high, low, close, volume, bid, ask) > '-Infinity')
) partition by range (date);
comment on table ingestion.market_data is
  'Daily bars, the current view: one row a symbol, date and source. One partition a month, made on demand. Written by store-bars; retire-bars deletes what the cold store holds.';
comment on column ingestion.market_data.symbol is 'the symbol as the source names it';
comment on column ingestion.market_data.date is 'the session on the instrument''s calendar; the UTC day for crypto';
comment on column ingestion.market_data.source is 'the provider, e.g. yahoo';
comment on column ingestion.market_data.asset is 'equity, index, rate or crypto';
comment on column ingestion.market_data.basis is 'raw: as traded; split-adjusted, adjusted: restated by the source and never adjusted again';
comment on column ingestion.market_data.open is 'first price, in the quote currency; in percent for a rate';
comment on column ingestion.market_data.high is 'highest price, in the quote currency; in percent for a rate';
comment on column ingestion.market_data.low is 'lowest price, in the quote currency; in percent for a rate';
comment on column ingestion.market_data.close is 'last price, in the quote currency; in percent for a rate';
comment on column ingestion.market_data.volume is 'shares or coins traded; 0 for an index or a rate; null: not known';
comment on column ingestion.market_data.bid is 'best bid at the bar''s end, where the source has quotes';
comment on column ingestion.market_data.ask is 'best ask at the bar''s end, where the source has quotes';
comment on column ingestion.market_data.known_from is 'when this version was stored, by this database''s clock (volatile)';

create table ingestion.intraday_bars (
  symbol      text collate "C" not null,
  interval    text collate "C" not null check (interval in ('1h', '5m', '1m')),
  time        timestamptz not null,
  source      text collate "C" not null,
  asset       text collate "C" not null check (asset in ('equity', 'index', 'rate', 'crypto')),
  basis       text collate "C" not null check (basis in ('raw', 'split-adjusted', 'adjusted')),
  open        double precision not null,
  high        double precision not null,
  low         double precision not null,
  close       double precision not null,
  volume      double precision,
  bid         double precision,
  ask         double precision,
  known_from  timestamptz not null default now(),
  primary key (symbol, interval, time, source),
  -- NaN counts as greater than infinity here, so this refuses both.
  check (greatest(open, high, low, close, volume, bid, ask) < 'Infinity' and least(open, high, low, close, volume, bid, ask) > '-Infinity')
) partition by range (time);
comment on table ingestion.intraday_bars is
  'Intraday bars, the current view. One partition a month of UTC time, made on demand. Written by store-bars; retire-bars deletes what the cold store holds.';
comment on column ingestion.intraday_bars.symbol is 'the symbol as the source names it';
comment on column ingestion.intraday_bars.interval is 'length of the bar: 1h, 5m or 1m';
comment on column ingestion.intraday_bars.time is 'start of the bar';
comment on column ingestion.intraday_bars.source is 'the provider, e.g. yahoo';
comment on column ingestion.intraday_bars.asset is 'equity, index, rate or crypto';
comment on column ingestion.intraday_bars.basis is 'raw: as traded; split-adjusted, adjusted: restated by the source and never adjusted again';
comment on column ingestion.intraday_bars.open is 'first price, in the quote currency; in percent for a rate';
comment on column ingestion.intraday_bars.high is 'highest price, in the quote currency; in percent for a rate';
comment on column ingestion.intraday_bars.low is 'lowest price, in the quote currency; in percent for a rate';
comment on column ingestion.intraday_bars.close is 'last price, in the quote currency; in percent for a rate';
comment on column ingestion.intraday_bars.volume is 'shares or coins traded; 0 for an index or a rate; null: not known';
comment on column ingestion.intraday_bars.bid is 'best bid at the bar''s end, where the source has quotes';
comment on column ingestion.intraday_bars.ask is 'best ask at the bar''s end, where the source has quotes';
comment on column ingestion.intraday_bars.known_from is 'when this version was stored, by this database''s clock (volatile)';

-- Rows this short never leave the page, so a partition needs no overflow table and half as many files and locks.
do $$
declare place record;
begin
  for place in
    select c.oid::regclass as tab, a.attname as col
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'ingestion'::regnamespace and c.relkind = 'p' and a.attnum > 0 and a.atttypid = 'text'::regtype
  loop
    execute format('alter table %s alter column %I set storage plain', place.tab, place.col);
  end loop;
end $$;

create table ingestion.bar_revisions (
  symbol      text collate "C" not null,
  interval    text collate "C" not null,
  time        timestamptz not null,
  source      text collate "C" not null,
  asset       text collate "C" not null,
  basis       text collate "C" not null,
  open        double precision not null,
  high        double precision not null,
  low         double precision not null,
  close       double precision not null,
  volume      double precision,
  bid         double precision,
  ask         double precision,
  known_from  timestamptz not null,
  known_to    timestamptz not null check (known_to > known_from),
  primary key (symbol, interval, time, source, known_from)
);
create index bar_revisions_range on ingestion.bar_revisions (source, interval, time);
comment on table ingestion.bar_revisions is
  'Every bar that was replaced, daily and intraday, with the time it was believed in. Never retired. Written by store-bars.';
comment on column ingestion.bar_revisions.symbol is 'the symbol as the source names it';
comment on column ingestion.bar_revisions.interval is '1d, 1h, 5m or 1m';
comment on column ingestion.bar_revisions.time is 'start of the bar; a daily bar''s session at 00:00 UTC';
comment on column ingestion.bar_revisions.source is 'the provider';
comment on column ingestion.bar_revisions.asset is 'equity, index, rate or crypto';
comment on column ingestion.bar_revisions.basis is 'as in the bars';
comment on column ingestion.bar_revisions.open is 'first price, as it was believed';
comment on column ingestion.bar_revisions.high is 'highest price, as it was believed';
comment on column ingestion.bar_revisions.low is 'lowest price, as it was believed';
comment on column ingestion.bar_revisions.close is 'last price, as it was believed';
comment on column ingestion.bar_revisions.volume is 'shares or coins traded, as it was believed; null: not known';
comment on column ingestion.bar_revisions.bid is 'best bid, as it was believed';
comment on column ingestion.bar_revisions.ask is 'best ask, as it was believed';
comment on column ingestion.bar_revisions.known_from is 'when this version was stored (volatile)';
comment on column ingestion.bar_revisions.known_to is 'when its successor was stored, exclusive (volatile)';

create table ingestion.retirements (
  source      text collate "C" not null,
  asset       text collate "C" not null,
  interval    text collate "C" not null,
  before      timestamptz not null,
  retired_at  timestamptz not null default now(),
  primary key (source, asset, interval)
);
comment on table ingestion.retirements is
  'How far each dataset has moved to the cold store: earlier bars may be there alone. Written by retire-bars, before only grows.';
comment on column ingestion.retirements.source is 'the provider';
comment on column ingestion.retirements.asset is 'equity, index, rate or crypto';
comment on column ingestion.retirements.interval is '1d, 1h, 5m or 1m';
comment on column ingestion.retirements.before is 'bars that start earlier have been retired, exclusive';
comment on column ingestion.retirements.retired_at is 'when that was done last (volatile)';

-- Months are attached, not created in place: attaching lets readers and writers of the other months go on, and it cannot deadlock with
-- them. A second caller waits here until the first has committed and then finds the months made; it must ask the table pg_class itself,
-- for name look-ups (to_regclass, "if not exists") go through a cache that still says no. No default partition: rows in it would stand in
-- the way of attaching a month later.
create function ingestion.ensure_months(parent text, days date[]) returns integer
language plpgsql as $$
declare
  month date;
  name text;
  made integer := 0;
begin
  for month, name in
    select distinct date_trunc('month', day::timestamp)::date, parent || to_char(day, '_YYYY_MM') from unnest(days) as day order by 1
  loop
    continue when exists (select from pg_class where relname = name and relnamespace = 'ingestion'::regnamespace);
    perform pg_advisory_xact_lock(hashtext('ingestion.' || parent), 1);
    continue when exists (select from pg_class where relname = name and relnamespace = 'ingestion'::regnamespace);
    execute format('create table ingestion.%I (like ingestion.%I including all)', name, parent);
    execute format('alter table ingestion.%I attach partition ingestion.%I for values from (%L) to (%L)', parent, name,
      month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
    made := made + 1;
  end loop;
  return made;
end $$;
comment on function ingestion.ensure_months is
  'Makes the monthly partitions of market_data or intraday_bars that the days need and answers how many were missing. Safe to call at once from anywhere.';
