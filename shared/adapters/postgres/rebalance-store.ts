import type { Session } from '../../domain/market/session.ts'
import { type Decimal, decimal } from '../../domain/money/decimal.ts'
import type { ConsideredTrade } from '../../domain/portfolio/considered-trade.ts'
import type { NameFacts } from '../../domain/portfolio/rebalancing/starting-point.ts'
import type { Database } from '../../ports/database.ts'
import type { OrderReport, Rebalance, RebalanceStore, TargetWeight } from '../../ports/rebalance-store.ts'
import { known } from './missing-numbers.ts'

const TARGET_COLUMNS = 'symbol, sector, weight, uncapped, note'
const NAME_COLUMNS = 'symbol, sector, asset, held, price, price_age, market'
const TRADE_COLUMNS = `id, session, symbol, sector, side, reason, current_weight, target_weight, band_low, band_high, wanted_quantity,
  quantity, price, notional, alpha_source, expected_alpha_bps, gross_alpha_bps, cost_in_bps, cost_out_bps, net_alpha_bps, costs,
  verdict, explanation`
const REPORT_COLUMNS = [
  ...['run', 'session', 'as_of', 'source', 'signals', 'value', 'cash_before', 'cash_after', 'buys', 'sells', 'costs'],
  ...['turnover', 'budgeted_turnover', 'orders', 'suppressed', 'html', 'csv', 'json', 'parquet'],
]

/** `portfolio.*`, one statement a call; what belongs to a run goes as one JSON document, in which NaN is null and a decimal is its text. */
export function postgresRebalances(database: Database): RebalanceStore {
  const reportsWhere = async (condition: string, values: readonly unknown[]) => {
    const rows = await database.read<ReportRow>(
      `select ${REPORT_COLUMNS} from portfolio.order_reports ${condition}`,
      values,
    )
    return rows.map(reportOf)
  }

  return {
    async open({ run, session, asOf, source, signals }, { value, cash, initialFunding, inflow, income, names }) {
      await database.write(
        `with header as (
           insert into portfolio.rebalances (run, session, as_of, source, signals, value, cash, initial_funding, inflow, income)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (run) do update set session = excluded.session, as_of = excluded.as_of, source = excluded.source,
             signals = excluded.signals, value = excluded.value, cash = excluded.cash,
             initial_funding = excluded.initial_funding, inflow = excluded.inflow, income = excluded.income),
         gone as (
           delete from portfolio.starting_names
           where run = $1 and symbol not in (select n->>'symbol' from jsonb_array_elements($11::jsonb) as n))
         insert into portfolio.starting_names (run, ${NAME_COLUMNS})
         select $1, symbol, sector, asset, held, price, "priceAge", market from jsonb_to_recordset($11::jsonb)
           as n (symbol text, sector text, asset text, held numeric, price numeric, "priceAge" int4, market jsonb)
         order by symbol
         on conflict (run, symbol) do update set ${replaced(NAME_COLUMNS)}`,
        [
          run,
          session,
          asOf,
          source,
          signals,
          ...[value, cash].map(String),
          initialFunding,
          ...[inflow, income].map(String),
          JSON.stringify(names),
        ],
      )
    },

    async get(run) {
      const [row] = await database.read<Rebalance>(
        'select run, session, as_of as "asOf", source, signals from portfolio.rebalances where run = $1',
        [run],
      )
      return row
    },

    async start(run) {
      const [row] = await database.read<StartRow>(
        `select value, cash, initial_funding as "initialFunding", inflow, income from portfolio.rebalances where run = $1`,
        [run],
      )
      if (!row) return undefined
      const names = await database.read<NameRow>(
        `select symbol, sector, asset, held, price, price_age as "priceAge", market
         from portfolio.starting_names where run = $1 order by symbol`,
        [run],
      )
      const { initialFunding, ...amounts } = row
      const [value, cash, inflow, income] = [amounts.value, amounts.cash, amounts.inflow, amounts.income].map(decimal)
      return { value, cash, inflow, income, initialFunding, names: names.map(nameOf) }
    },

    async putTargets(run, targets) {
      await database.write(
        `with gone as (
           delete from portfolio.target_weights
           where run = $1 and symbol not in (select t->>'symbol' from jsonb_array_elements($2::jsonb) as t))
         insert into portfolio.target_weights (run, ${TARGET_COLUMNS})
         select $1, ${TARGET_COLUMNS} from jsonb_to_recordset($2::jsonb)
           as t (symbol text, sector text, weight float8, uncapped float8, note text)
         order by symbol
         on conflict (run, symbol) do update set ${replaced(TARGET_COLUMNS)}`,
        [run, JSON.stringify(targets)],
      )
    },

    targets: (run) =>
      database.read<TargetWeight>(
        `select ${TARGET_COLUMNS} from portfolio.target_weights where run = $1 order by weight desc, symbol`,
        [run],
      ),

    async putTrades(run, trades) {
      await database.write(
        `with gone as (
           delete from portfolio.considered_trades
           where run = $1 and id not in (select t->>'id' from jsonb_array_elements($2::jsonb) as t))
         insert into portfolio.considered_trades (run, ${TRADE_COLUMNS})
         select $1, id, session, symbol, sector, side, reason, "currentWeight", "targetWeight", (band->>0)::float8, (band->>1)::float8,
           "wantedQuantity", quantity, price, notional, alpha->>'source', (alpha->>'expectedBps')::float8,
           (alpha->>'grossBps')::float8, (alpha->>'costInBps')::float8, (alpha->>'costOutBps')::float8,
           (alpha->>'netBps')::float8, costs, verdict, explanation
         from jsonb_to_recordset($2::jsonb) as t (id text, session date, symbol text, sector text, side text, reason text,
           "currentWeight" float8, "targetWeight" float8, band jsonb, "wantedQuantity" numeric, quantity numeric, price numeric,
           notional numeric, alpha jsonb, costs jsonb, verdict text, explanation text)
         order by id
         on conflict (run, id) do update set ${replaced(TRADE_COLUMNS)}`,
        [run, JSON.stringify(trades)],
      )
    },

    async trades(run) {
      const rows = await database.read<TradeRow>(
        `select ${TRADE_COLUMNS} from portfolio.considered_trades where run = $1 order by side desc, notional desc, symbol`,
        [run],
      )
      return rows.map(tradeOf)
    },

    async trade(id) {
      const [row] = await database.read<TradeRow & { run: string }>(
        `select t.run, ${TRADE_COLUMNS.replace(/(\w+)/g, 't.$1')} from portfolio.considered_trades t
           left join portfolio.order_reports r on r.run = t.run
         where t.id = $1 order by r.place desc nulls last, t.run desc limit 1`,
        [id],
      )
      return row && { run: row.run, trade: tradeOf(row) }
    },

    async putReport(report) {
      const { files, ...rest } = report
      await database.write(
        `insert into portfolio.order_reports (${REPORT_COLUMNS}) values (${REPORT_COLUMNS.map((_, i) => `$${i + 1}`)})
         on conflict (run) do update set ${replaced(REPORT_COLUMNS.slice(1).join(', '))}`,
        [
          ...[rest.run, rest.session, rest.asOf, rest.source, rest.signals],
          ...[rest.value, rest.cashBefore, rest.cashAfter, rest.buys, rest.sells, rest.costs].map(String),
          ...[rest.turnover, rest.budgetedTurnover, rest.orders, rest.suppressed],
          ...[files.html, files.csv, files.json, files.parquet],
        ],
      )
    },

    report: async (run) => (await reportsWhere('where run = $1', [run]))[0],

    latestReport: async (source, through) =>
      (
        await reportsWhere('where source = $1 and session <= $2::date order by session desc, place desc limit 1', [
          source,
          through,
        ])
      )[0],

    reports: (source, from, through) =>
      reportsWhere(
        `where place in (select max(place) from portfolio.order_reports
           where source = $1 and session between $2::date and $3::date group by session) order by session`,
        [source, from, through],
      ),
  }
}

interface StartRow {
  readonly value: string
  readonly cash: string
  readonly inflow: string
  readonly income: string
  readonly initialFunding: boolean
}

type NameRow = Omit<NameFacts, 'held' | 'price' | 'priceAge' | 'market'> & {
  readonly held: string
  readonly price: string | null
  readonly priceAge: number | null
  readonly market: Readonly<Record<string, number | null>>
}

function nameOf({ held, price, priceAge, market, ...row }: NameRow): NameFacts {
  const there = Object.entries(market).filter(([, value]) => value !== null)
  return {
    ...row,
    held: decimal(held),
    price: price === null ? undefined : decimal(price),
    priceAge: known(priceAge),
    market: Object.fromEntries(there),
  }
}

interface TradeRow extends Pick<ConsideredTrade, 'id' | 'session' | 'symbol' | 'sector' | 'side' | 'reason'> {
  readonly current_weight: number
  readonly target_weight: number
  readonly band_low: number
  readonly band_high: number
  readonly wanted_quantity: string
  readonly quantity: string
  readonly price: string
  readonly notional: string
  readonly alpha_source: ConsideredTrade['alpha']['source']
  readonly expected_alpha_bps: number | null
  readonly gross_alpha_bps: number | null
  readonly cost_in_bps: number | null
  readonly cost_out_bps: number | null
  readonly net_alpha_bps: number | null
  readonly costs: ConsideredTrade['costs']
  readonly verdict: ConsideredTrade['verdict']
  readonly explanation: string
}

function tradeOf(row: TradeRow): ConsideredTrade {
  const { id, session, symbol, sector, side, reason, costs, verdict, explanation } = row
  return {
    ...{ id, session, symbol, sector, side, reason },
    currentWeight: row.current_weight,
    targetWeight: row.target_weight,
    band: [row.band_low, row.band_high],
    wantedQuantity: decimal(row.wanted_quantity),
    quantity: decimal(row.quantity),
    price: decimal(row.price),
    notional: decimal(row.notional),
    alpha: {
      expectedBps: known(row.expected_alpha_bps),
      source: row.alpha_source,
      grossBps: known(row.gross_alpha_bps),
      costInBps: known(row.cost_in_bps),
      costOutBps: known(row.cost_out_bps),
      netBps: known(row.net_alpha_bps),
    },
    ...{ costs, verdict, explanation },
  }
}

type Amounts = 'value' | 'cashBefore' | 'cashAfter' | 'buys' | 'sells' | 'costs'

interface ReportRow
  extends Pick<OrderReport, 'run' | 'session' | 'source' | 'signals' | 'turnover' | 'orders' | 'suppressed'> {
  readonly as_of: Session
  readonly value: string
  readonly cash_before: string
  readonly cash_after: string
  readonly buys: string
  readonly sells: string
  readonly costs: string
  readonly budgeted_turnover: number
  readonly html: string
  readonly csv: string
  readonly json: string
  readonly parquet: string
}

function reportOf(row: ReportRow): OrderReport {
  const { run, session, source, signals, turnover, orders, suppressed, html, csv, json, parquet } = row
  const amounts: Record<Amounts, Decimal> = {
    value: decimal(row.value),
    cashBefore: decimal(row.cash_before),
    cashAfter: decimal(row.cash_after),
    buys: decimal(row.buys),
    sells: decimal(row.sells),
    costs: decimal(row.costs),
  }
  return {
    ...{ run, session, asOf: row.as_of, source, signals },
    ...amounts,
    ...{ turnover, budgetedTurnover: row.budgeted_turnover, orders, suppressed },
    files: { html, csv, json, parquet },
  }
}

function replaced(columns: string): string {
  return columns.replace(/(\w+)/g, '$1 = excluded.$1')
}
