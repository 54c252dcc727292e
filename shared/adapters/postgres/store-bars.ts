import { type BarSeries, countBars, type Dataset, sliceBars } from '../../domain/market/bar.ts'
import type { StoredCounts } from '../../ports/bar-store.ts'
import type { Database } from '../../ports/database.ts'
import { type BarTable, tableOf } from './bar-tables.ts'
import { float8Array, int4Array } from './binary-arrays.ts'

/** Larger statements are no faster (measured 5,000 to 40,000) and hold more memory on both sides. */
const ROWS_A_STATEMENT = 10_000

const NUMBERS = ['open', 'high', 'low', 'close', 'volume', 'bid', 'ask'] as const

/** Writes checked bars inside an open transaction in which nobody else writes bars. */
export async function upsertBars(
  database: Database,
  dataset: Dataset,
  series: readonly BarSeries[],
): Promise<StoredCounts> {
  const table = tableOf(dataset)
  const write = (await holdsAny(database, dataset, series)) ? upsert(table) : insert(table)
  let inserted = 0
  let replaced = 0
  let rows = 0
  for (const chunk of chunksOf(series)) {
    const [counts] = (
      await database.write<{ inserted: number; replaced: number }>(write, values(dataset, table, chunk))
    ).rows
    inserted += counts.inserted
    replaced += counts.replaced
    rows += countBars(chunk)
  }
  return { inserted, replaced, unchanged: rows - inserted - replaced }
}

/** Whether there is anything to compare with. A first load, where there is nothing, is half as long without comparing. */
async function holdsAny(database: Database, dataset: Dataset, series: readonly BarSeries[]): Promise<boolean> {
  const { name, time, timeType, timeParameter, hasInterval } = tableOf(dataset)
  const { first, last } = timeRange(series)
  const [{ found }] = await database.read<{ found: boolean }>(
    `select exists (
       select from ingestion.${name} where source = $1 and symbol = any($2)
         and ${time} between $3::${timeType} and $4::${timeType} ${hasInterval ? 'and interval = $5' : ''}
     ) as found`,
    [
      dataset.source,
      series.map(({ symbol }) => symbol),
      timeParameter(first),
      timeParameter(last),
      ...(hasInterval ? [dataset.interval] : []),
    ],
  )
  return found
}

/** The first day of every month of UTC time that has a bar. */
export function monthsOf(series: readonly BarSeries[]): string[] {
  const months = new Set<string>()
  for (const { at } of series) {
    let end = Number.NEGATIVE_INFINITY
    for (const time of at) {
      if (time < end) continue
      const date = new Date(time)
      end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
      months.add(`${date.toISOString().slice(0, 7)}-01`)
    }
  }
  return [...months].sort()
}

/** Earliest and latest time of bars of which there is at least one. */
function timeRange(series: readonly BarSeries[]): { readonly first: number; readonly last: number } {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const { at } of series) {
    if (at.length === 0) continue
    first = Math.min(first, at[0])
    last = Math.max(last, at[at.length - 1])
  }
  return { first, last }
}

function* chunksOf(series: readonly BarSeries[]): Iterable<BarSeries[]> {
  let chunk: BarSeries[] = []
  let room = ROWS_A_STATEMENT
  for (const bars of series) {
    for (let start = 0; start < bars.at.length; ) {
      const end = Math.min(bars.at.length, start + room)
      chunk.push(start === 0 && end === bars.at.length ? bars : sliceBars(bars, start, end))
      room -= end - start
      start = end
      if (room > 0) continue
      yield chunk
      chunk = []
      room = ROWS_A_STATEMENT
    }
  }
  if (chunk.length > 0) yield chunk
}

function values(dataset: Dataset, table: BarTable, chunk: readonly BarSeries[]): unknown[] {
  const { first, last } = timeRange(chunk)
  const place = chunk.map(({ at }, i) => new Int32Array(at.length).fill(i + 1))
  const numbers = NUMBERS.map((name) => {
    // A shorter array is filled up with nulls, so an absent column costs nothing.
    if (!chunk.some((bars) => bars[name])) return float8Array([])
    return float8Array(joined(chunk.map((bars) => bars[name] ?? new Float64Array(bars.at.length).fill(Number.NaN))))
  })
  return [
    dataset.source,
    dataset.asset,
    dataset.interval,
    table.timeParameter(first),
    table.timeParameter(last),
    chunk.map(({ symbol }) => symbol),
    chunk.map(({ basis }) => basis),
    int4Array(joined(place)),
    table.timeArray(joined(chunk.map(({ at }) => at))),
    ...numbers,
  ]
}

function joined<Column extends Float64Array | Int32Array>(columns: readonly Column[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, column) => sum + column.length, 0))
  let offset = 0
  for (const column of columns) {
    all.set(column, offset)
    offset += column.length
  }
  return all
}

const BELIEFS = ['basis', ...NUMBERS]
const listed = (prefix: string) => BELIEFS.map((column) => `${prefix}${column}`).join(', ')

const incoming = ({ timeType }: BarTable) => `incoming as materialized (
  select ($6::text[])[place] as symbol, at, ($7::text[])[place] as basis, open, high, low, close,
    nullif(volume, 'NaN') as volume, nullif(bid, 'NaN') as bid, nullif(ask, 'NaN') as ask
  from unnest($8::int4[], $9::${timeType}[], $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::float8[],
    $15::float8[], $16::float8[]) as bar (place, at, open, high, low, close, volume, bid, ask)
)`

const columns = ({ time, hasInterval }: BarTable) =>
  `symbol, ${hasInterval ? 'interval, ' : ''}${time}, source, asset, ${listed('')}, known_from`

const row = ({ hasInterval }: BarTable, knownFrom: string) =>
  `symbol, ${hasInterval ? '$3::text, ' : ''}at, $1, $2, ${listed('')}, ${knownFrom}`

function insert(table: BarTable): string {
  // PostgreSQL wants to know the type of every parameter, used or not.
  const unused = `unused as (select $3::text, $4::${table.timeType}, $5::${table.timeType})`
  return `
    with ${unused}, ${incoming(table)},
    inserted as (
      insert into ingestion.${table.name} (${columns(table)}) select ${row(table, 'now()')} from incoming returning 1
    )
    select count(*)::int4 as inserted, 0 as replaced from inserted`
}

/**
 * One statement: bars that are there with other numbers are replaced and their old version kept, new ones are inserted, equal ones are not
 * touched. All of its parts see the table as it was before. A version counts from this transaction's time, or from just after the version
 * it replaces when a transaction that began later was faster, so that no version is known for no time at all.
 *
 * The bars to replace are found by their key a second time, by "on conflict": the planner expects next to none of them, and a join would
 * compare each with each.
 */
function upsert(table: BarTable): string {
  const { name, time, timeType, hasInterval } = table
  const instant = timeType === 'date' ? "at::timestamp at time zone 'UTC'" : 'at'
  const replace = ['asset', ...BELIEFS, 'known_from'].map((column) => `${column} = excluded.${column}`).join(', ')
  return `
    with ${incoming(table)},
    differing as materialized (
      select incoming.*, bar.asset as old_asset, ${BELIEFS.map((column) => `bar.${column} as old_${column}`).join(', ')},
        bar.known_from as old_from, greatest(now(), bar.known_from + interval '1 microsecond') as new_from
      from incoming
      -- The key again as constants: they let the planner leave out partitions and use their index.
      left join ingestion.${name} as bar
        on bar.symbol = incoming.symbol and bar.${time} = incoming.at and bar.source = $1
        ${hasInterval ? 'and bar.interval = $3' : ''}
        and bar.symbol = any($6) and bar.${time} between $4::${timeType} and $5::${timeType}
      where bar.symbol is null or (bar.asset, ${listed('bar.')}) is distinct from ($2, ${listed('incoming.')})
    ),
    revised as (
      insert into ingestion.bar_revisions (symbol, interval, time, source, asset, ${listed('')}, known_from, known_to)
      select symbol, $3::text, ${instant}, $1, old_asset, ${listed('old_')}, old_from, new_from
      from differing where old_from is not null
    ),
    written as (
      insert into ingestion.${name} (${columns(table)}) select ${row(table, 'new_from')} from differing
      on conflict (symbol, ${hasInterval ? 'interval, ' : ''}${time}, source) do update set ${replace}
    )
    select count(*) filter (where old_from is null)::int4 as inserted,
      count(*) filter (where old_from is not null)::int4 as replaced
    from differing`
}
