import type { Session } from '../../domain/market/session.ts'
import { type Decimal, decimal } from '../../domain/money/decimal.ts'
import { changesAt } from '../../domain/monitoring/alert-states.ts'
import type { AlertState, Figure, PositionMark, Snapshot } from '../../domain/monitoring/snapshot.ts'
import type { Database } from '../../ports/database.ts'
import type { MonitoringStore } from '../../ports/monitoring-stores.ts'

/** A row as it is read: exact numbers as text, missing ones null. */
type Row<Of> = {
  readonly [Name in keyof Of]: Of[Name] extends Decimal ? string : undefined extends Of[Name] ? number | null : Of[Name]
}
type SnapshotRow = Row<Snapshot>
type MarkRow = Omit<Row<PositionMark>, 'weight'> & { readonly weight: number | null }
type FigureRow = { readonly name: string; readonly n: number } & Readonly<
  Record<'value' | 'periodsPerYear' | 'needed', number | null>
>
type AlertRow = Omit<AlertState, 'resolved'> & { readonly resolved: Session | null }

const SNAPSHOTS = `select session, value::text, cash::text, invested::text, flow::text, income::text, realised::text, unrealised::text,
  fees::text, costs::text, profit::text, session_return as "return", benchmark_return as "benchmarkReturn", turnover, positions
  from monitoring.portfolio_snapshots`

const STATES = `select alert, severity, message, value, threshold, raised, resolved
  from monitoring.alerts($1, coalesce($2::date, 'infinity'))`

/** `monitoring.*`. Rows go as one JSON document a statement: money as text, NaN as null. */
export function postgresMonitoring(database: Database): MonitoringStore {
  const states = async (where: string, values: readonly unknown[]): Promise<AlertState[]> => {
    const rows = await database.read<AlertRow>(
      `${STATES} where ${where} order by resolved desc nulls first, raised desc, alert collate "C"`,
      values,
    )
    return rows.map((row) => ({ ...row, resolved: row.resolved ?? undefined }))
  }

  return {
    async putSnapshots(source, snapshots, marks) {
      const sessions = snapshots.map(({ session }) => session)
      await database.transaction(async () => {
        await database.write(
          `insert into monitoring.portfolio_snapshots
             (source, session, ${SNAPSHOT_COLUMNS.join(', ')}, session_return, benchmark_return)
           select $1, session, ${SNAPSHOT_COLUMNS.join(', ')}, "return", "benchmarkReturn" from jsonb_to_recordset($2::jsonb)
             as s (session date, value numeric, cash numeric, invested numeric, flow numeric, income numeric, realised numeric,
               unrealised numeric, fees numeric, costs numeric, profit numeric, turnover float8, positions int4,
               "return" float8, "benchmarkReturn" float8)
           on conflict (source, session) do update set session_return = excluded.session_return,
             benchmark_return = excluded.benchmark_return, ${SNAPSHOT_COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}`,
          [source, JSON.stringify(snapshots)],
        )
        await database.write('delete from monitoring.position_marks where source = $1 and session = any($2::date[])', [
          source,
          sessions,
        ])
        await database.write(
          `insert into monitoring.position_marks (source, session, symbol, sector, quantity, average_cost, price, price_age, value,
             weight, target_weight, unrealised)
           select $1, session, symbol, sector, quantity, "averageCost", price, "priceAge", value, weight, "targetWeight", unrealised
           from jsonb_to_recordset($2::jsonb)
             as m (session date, symbol text, sector text, quantity numeric, "averageCost" numeric, price numeric, "priceAge" int4,
               value numeric, weight float8, "targetWeight" float8, unrealised numeric)`,
          [source, JSON.stringify(marks)],
        )
      })
    },

    async snapshots(source, from, through) {
      const rows = await database.read<SnapshotRow>(
        `${SNAPSHOTS} where source = $1 and session between $2::date and $3::date order by session`,
        [source, from, through],
      )
      return rows.map(snapshotOf)
    },

    async marks(source, session) {
      const rows = await database.read<MarkRow>(
        `select session, symbol, sector, quantity::text, average_cost::text as "averageCost", price::text, price_age as "priceAge",
           value::text, weight, target_weight as "targetWeight", unrealised::text
         from monitoring.position_marks as mark where source = $1 and session = $2::date order by mark.value desc, symbol`,
        [source, session],
      )
      return rows.map(markOf)
    },

    async latestSnapshot(source, through) {
      const [row] = await database.read<SnapshotRow>(
        `${SNAPSHOTS} where source = $1 and session <= $2::date order by session desc limit 1`,
        [source, through],
      )
      return row && snapshotOf(row)
    },

    async putFigures(source, session, figures) {
      await database.transaction(async () => {
        await database.write('delete from monitoring.figures where source = $1 and session = $2::date', [
          source,
          session,
        ])
        await database.write(
          `insert into monitoring.figures (source, session, name, place, value, n, periods_per_year, needed)
           select $1, $2::date, name, place, value, n, "periodsPerYear", needed from jsonb_to_recordset($3::jsonb)
             as f (name text, place int4, value float8, n int4, "periodsPerYear" float8, needed int4)`,
          [source, session, JSON.stringify(figures.map((figure, i) => ({ ...figure, place: i + 1 })))],
        )
      })
    },

    async figures(source, session) {
      const rows = await database.read<FigureRow>(
        `select name, value, n, periods_per_year as "periodsPerYear", needed
         from monitoring.figures where source = $1 and session = $2::date order by place`,
        [source, session],
      )
      return rows.map(figureOf)
    },

    judge: (source, session, alerts) =>
      database.transaction(async () => {
        await database.write(
          `insert into monitoring.judgements (source, session) values ($1, $2::date) on conflict do nothing`,
          [source, session],
        )
        await database.write('delete from monitoring.findings where source = $1 and session = $2::date', [
          source,
          session,
        ])
        await database.write(
          `insert into monitoring.findings (source, session, alert, severity, message, value, threshold)
           select $1, $2::date, alert, severity, message, value, threshold from jsonb_to_recordset($3::jsonb)
             as a (alert text, severity text, message text, value float8, threshold float8)`,
          [source, session, JSON.stringify(alerts)],
        )
        return changesAt(await states('resolved is null or resolved = $2::date', [source, session]), session)
      }),

    alerts: (source, { open = false, through, limit }) =>
      states('(resolved is null or not $3::boolean)', [source, through ?? null, open]).then((all) =>
        all.slice(0, limit),
      ),
  }
}

const SNAPSHOT_COLUMNS = [
  ...['value', 'cash', 'invested', 'flow', 'income', 'realised', 'unrealised', 'fees', 'costs', 'profit'],
  ...['turnover', 'positions'],
]

function snapshotOf(row: SnapshotRow): Snapshot {
  return {
    session: row.session,
    value: decimal(row.value),
    cash: decimal(row.cash),
    invested: decimal(row.invested),
    flow: decimal(row.flow),
    income: decimal(row.income),
    realised: decimal(row.realised),
    unrealised: decimal(row.unrealised),
    fees: decimal(row.fees),
    costs: decimal(row.costs),
    profit: decimal(row.profit),
    return: row.return ?? undefined,
    benchmarkReturn: row.benchmarkReturn ?? undefined,
    turnover: row.turnover,
    positions: row.positions,
  }
}

function markOf(row: MarkRow): PositionMark {
  return {
    session: row.session,
    symbol: row.symbol,
    sector: row.sector,
    quantity: decimal(row.quantity),
    averageCost: decimal(row.averageCost),
    price: decimal(row.price),
    priceAge: row.priceAge,
    value: decimal(row.value),
    weight: row.weight ?? Number.NaN,
    targetWeight: row.targetWeight ?? undefined,
    unrealised: decimal(row.unrealised),
  }
}

function figureOf({ name, value, n, periodsPerYear, needed }: FigureRow): Figure {
  if (value === null) return { name, insufficient: true, n, needed: needed ?? 0 }
  return { name, value, n, periodsPerYear: periodsPerYear ?? undefined }
}
