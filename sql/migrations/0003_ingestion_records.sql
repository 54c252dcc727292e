-- What ingestion keeps beside the bars. Numbers that are missing are null unless a comment says otherwise.

create table ingestion.corporate_actions (
  symbol      text collate "C" not null,
  ex_date     date not null,
  type        text collate "C" not null check (type in ('split', 'dividend')),
  source      text collate "C" not null,
  value       double precision not null check (value < 'Infinity'),
  known_from  timestamptz not null default now(),
  primary key (symbol, ex_date, type, source)
);
comment on table ingestion.corporate_actions is 'Splits and cash dividends. Written by fetch-corporate-actions.';
comment on column ingestion.corporate_actions.symbol is 'the symbol as the source names it';
comment on column ingestion.corporate_actions.ex_date is 'first session that trades without the dividend, or on the new share count';
comment on column ingestion.corporate_actions.type is 'split or dividend';
comment on column ingestion.corporate_actions.source is 'the provider';
comment on column ingestion.corporate_actions.value is 'split: new shares per old share; dividend: cash per share as paid, never restated for later splits';
comment on column ingestion.corporate_actions.known_from is 'when this value was stored (volatile)';

create table ingestion.fundamentals (
  symbol              text collate "C" not null,
  as_of               date not null,
  source              text collate "C" not null,
  trailing_pe         double precision,
  forward_pe          double precision,
  price_to_book       double precision,
  dividend_yield      double precision,
  return_on_equity    double precision,
  debt_to_equity      double precision,
  current_ratio       double precision,
  profit_margin       double precision,
  revenue_growth      double precision,
  market_cap          double precision,
  shares_outstanding  double precision,
  currency            text,
  known_from          timestamptz not null default now(),
  primary key (symbol, as_of, source)
);
comment on table ingestion.fundamentals is 'Ratios of a company at a date. Written by fetch-fundamentals.';
comment on column ingestion.fundamentals.symbol is 'the symbol as the source names it';
comment on column ingestion.fundamentals.as_of is 'the date the ratios describe';
comment on column ingestion.fundamentals.source is 'the provider';
comment on column ingestion.fundamentals.trailing_pe is 'price over earnings of the last twelve months';
comment on column ingestion.fundamentals.forward_pe is 'price over expected earnings of the next twelve months';
comment on column ingestion.fundamentals.price_to_book is 'price over book value';
comment on column ingestion.fundamentals.dividend_yield is 'yearly, a fraction (0.02 is 2 %)';
comment on column ingestion.fundamentals.return_on_equity is 'yearly, a fraction';
comment on column ingestion.fundamentals.debt_to_equity is 'total debt over equity, a fraction (1.5 is 150 %)';
comment on column ingestion.fundamentals.current_ratio is 'current assets over current liabilities';
comment on column ingestion.fundamentals.profit_margin is 'net, a fraction';
comment on column ingestion.fundamentals.revenue_growth is 'year over year, a fraction';
comment on column ingestion.fundamentals.market_cap is 'in the currency';
comment on column ingestion.fundamentals.shares_outstanding is 'shares';
comment on column ingestion.fundamentals.currency is 'ISO 4217';
comment on column ingestion.fundamentals.known_from is 'when these values were stored (volatile)';

create table ingestion.news (
  source        text collate "C" not null,
  id            text collate "C" not null,
  title         text not null,
  publisher     text not null,
  url           text not null,
  published_at  timestamptz not null,
  known_from    timestamptz not null default now(),
  primary key (source, id)
);
comment on table ingestion.news is 'Articles as the source announced them: untrusted text. Written by fetch-news.';
comment on column ingestion.news.source is 'the provider';
comment on column ingestion.news.id is 'the provider''s own identifier';
comment on column ingestion.news.title is 'headline, untrusted';
comment on column ingestion.news.publisher is 'untrusted';
comment on column ingestion.news.url is 'untrusted';
comment on column ingestion.news.published_at is 'as the source says';
comment on column ingestion.news.known_from is 'when these values were stored (volatile)';

create table ingestion.news_symbols (
  source        text collate "C" not null,
  symbol        text collate "C" not null,
  published_at  timestamptz not null,
  id            text collate "C" not null,
  primary key (source, id, symbol),
  foreign key (source, id) references ingestion.news
);
create index news_symbols_time on ingestion.news_symbols (source, symbol, published_at);
comment on table ingestion.news_symbols is 'Whom an article is about. Written by fetch-news.';
comment on column ingestion.news_symbols.source is 'the provider';
comment on column ingestion.news_symbols.symbol is 'the symbol as the source names it';
comment on column ingestion.news_symbols.published_at is 'the article''s';
comment on column ingestion.news_symbols.id is 'the article''s';

create table ingestion.payloads (
  run      text collate "C" not null,
  symbol   text collate "C" not null,
  request  text collate "C" not null,
  sha256   text collate "C" not null,
  primary key (run, symbol, request)
);
create index payloads_sha256 on ingestion.payloads (sha256);
comment on table ingestion.payloads is 'Which raw reply each symbol''s numbers came from. Written by fetch-bars.';
comment on column ingestion.payloads.run is 'the run that fetched it';
comment on column ingestion.payloads.symbol is 'the symbol as the source names it';
comment on column ingestion.payloads.request is 'what was asked for, the adapter''s word';
comment on column ingestion.payloads.sha256 is 'of the raw reply or file, hexadecimal';

create table ingestion.missing_symbols (
  run     text collate "C" not null,
  symbol  text collate "C" not null,
  reason  text not null,
  primary key (run, symbol)
);
comment on table ingestion.missing_symbols is 'Symbols that a run asked for and did not get. Written by fetch-bars.';
comment on column ingestion.missing_symbols.run is 'the run that asked';
comment on column ingestion.missing_symbols.symbol is 'the symbol as the source names it';
comment on column ingestion.missing_symbols.reason is 'what the source answered';

create table ingestion.quarantine (
  run       text collate "C" not null,
  source    text collate "C" not null,
  asset     text collate "C" not null,
  interval  text collate "C" not null,
  symbol    text collate "C" not null,
  time      timestamptz not null,
  ordinal   integer not null,
  reasons   text[] not null,
  detail    text not null,
  open      double precision not null,
  high      double precision not null,
  low       double precision not null,
  close     double precision not null,
  volume    double precision not null,
  primary key (run, symbol, time, source, asset, interval, ordinal)
);
create index quarantine_symbol on ingestion.quarantine (symbol, time);
comment on table ingestion.quarantine is 'Bars that failed a check, as they came, NaN and infinity included. Written by validate-bars.';
comment on column ingestion.quarantine.run is 'the run that refused it';
comment on column ingestion.quarantine.source is 'the provider';
comment on column ingestion.quarantine.asset is 'equity, index, rate or crypto';
comment on column ingestion.quarantine.interval is '1d, 1h, 5m or 1m';
comment on column ingestion.quarantine.symbol is 'the symbol as the source names it';
comment on column ingestion.quarantine.time is 'start of the bar; infinity: it had no time that a calendar knows';
comment on column ingestion.quarantine.ordinal is 'position among equal symbol and time, from 0';
comment on column ingestion.quarantine.reasons is 'names of the checks it failed';
comment on column ingestion.quarantine.detail is 'what was found and what was expected';
comment on column ingestion.quarantine.open is 'as it came, NaN when missing';
comment on column ingestion.quarantine.high is 'as it came, NaN when missing';
comment on column ingestion.quarantine.low is 'as it came, NaN when missing';
comment on column ingestion.quarantine.close is 'as it came, NaN when missing';
comment on column ingestion.quarantine.volume is 'as it came, NaN when missing';

create table ingestion.quality_reports (
  run           text collate "C" primary key,
  from_session  date not null,
  to_session    date not null,
  interval      text collate "C" not null,
  source        text collate "C" not null,
  verdict       text collate "C" not null check (verdict in ('PASS', 'WARN', 'FAIL')),
  score         double precision not null,
  expected      bigint not null,
  good          bigint not null,
  stored        bigint not null,
  archived      bigint not null,
  reasons       text[] not null,
  reported_at   timestamptz not null default now()
);
create index quality_reports_latest on ingestion.quality_reports (reported_at desc, run desc);
comment on table ingestion.quality_reports is 'What a run of ingestion was worth. Written by check-quality.';
comment on column ingestion.quality_reports.run is 'the run reported on';
comment on column ingestion.quality_reports.from_session is 'first session asked for';
comment on column ingestion.quality_reports.to_session is 'last session asked for, inclusive';
comment on column ingestion.quality_reports.interval is '1d, 1h, 5m or 1m';
comment on column ingestion.quality_reports.source is 'the provider';
comment on column ingestion.quality_reports.verdict is 'PASS, WARN or FAIL';
comment on column ingestion.quality_reports.score is 'a fraction, as check-quality computes it';
comment on column ingestion.quality_reports.expected is 'bars the calendar and the symbols call for';
comment on column ingestion.quality_reports.good is 'bars that passed every check';
comment on column ingestion.quality_reports.stored is 'bars in PostgreSQL after the run';
comment on column ingestion.quality_reports.archived is 'bars in the cold store after the run';
comment on column ingestion.quality_reports.reasons is 'why the verdict is not PASS';
comment on column ingestion.quality_reports.reported_at is 'when it was first reported (volatile)';

create table ingestion.quality_symbols (
  run          text collate "C" not null references ingestion.quality_reports on delete cascade,
  symbol       text collate "C" not null,
  verdict      text collate "C" not null check (verdict in ('PASS', 'WARN', 'FAIL')),
  expected     bigint not null,
  good         bigint not null,
  quarantined  bigint not null,
  warnings     bigint not null,
  reason       text,
  primary key (run, symbol)
);
comment on table ingestion.quality_symbols is 'The report''s lines, one a symbol. Written by check-quality.';
comment on column ingestion.quality_symbols.run is 'the run reported on';
comment on column ingestion.quality_symbols.symbol is 'the symbol as the source names it';
comment on column ingestion.quality_symbols.verdict is 'PASS, WARN or FAIL';
comment on column ingestion.quality_symbols.expected is 'bars the calendar calls for';
comment on column ingestion.quality_symbols.good is 'bars that passed every check';
comment on column ingestion.quality_symbols.quarantined is 'bars that failed one';
comment on column ingestion.quality_symbols.warnings is 'bars kept with a remark';
comment on column ingestion.quality_symbols.reason is 'why the verdict is not PASS';
