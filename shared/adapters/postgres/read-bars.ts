import type { BarSeries, PriceBasis } from '../../domain/market/bar.ts'
import type { BarQuery } from '../../ports/bar-store.ts'
import type { Database } from '../../ports/database.ts'
import { ascending } from '../history/overlay-bars.ts'
import type { BarTable } from './bar-tables.ts'
import { readFloat8s } from './binary-arrays.ts'

interface ColumnsRow {
  readonly symbol: string
  readonly basis: PriceBasis
  readonly at: Buffer
  readonly open: Buffer
  readonly high: Buffer
  readonly low: Buffer
  readonly close: Buffer
  readonly volume: Buffer
  /** Only the bars that have a quote. */
  readonly quoted_at: Buffer | null
  readonly bid: Buffer | null
  readonly ask: Buffer | null
}

const NUMBERS = ['open', 'high', 'low', 'close', 'volume'] as const

/** What `readBars` selects from: a table of bars, or a query of one under the same parameters. */
export interface BarRows {
  readonly table: BarTable
  /** Further conditions on the rows, with parameters from $6 on, and how many versions of a bar to keep. */
  readonly and?: string
  readonly values?: readonly unknown[]
  readonly firstBy?: string
}

/**
 * Reads bars, one series a symbol and basis, in order of both, each ascending. The server packs every column of a symbol into one value, so
 * that a row costs no object here: up to twice as fast as rows from a server, four times from the embedded engine.
 */
export async function readBars(database: Database, query: BarQuery, rows: BarRows): Promise<BarSeries[]> {
  const { table } = rows
  const { dataset, symbols, from, to } = query
  if (!(from < to) || symbols?.length === 0) return []
  const packed = await database.read<ColumnsRow>(
    `select symbol, basis, ${packedColumns(table)}
     from (
       select ${rows.firstBy ? `distinct on (symbol, ${table.time})` : ''} *
       from ingestion.${table.name}
       where source = $1 and asset = $2 and ${table.time} >= $3::${table.timeType} and ${table.time} < $4::${table.timeType}
         and ($5::text[] is null or symbol = any($5)) ${table.hasInterval ? 'and interval = $6' : ''} ${rows.and ?? ''}
       order by symbol, ${rows.firstBy ? `${table.time}, ${rows.firstBy}` : `basis, ${table.time}`}
     ) as bars
     group by symbol, basis
     order by symbol, basis`,
    [
      dataset.source,
      dataset.asset,
      table.timeParameter(from),
      table.timeParameter(to),
      symbols ?? null,
      ...(table.hasInterval ? [dataset.interval] : []),
      ...(rows.values ?? []),
    ],
  )
  return packed.map((row) => unpack(table, row))
}

function packedColumns({ time, timeType }: BarTable): string {
  const pack = (value: string, name: string, only = '') => `string_agg(${value}, '') ${only} as ${name}`
  const quoted = 'filter (where bid is not null or ask is not null)'
  return [
    pack(`${timeType}_send(${time})`, 'at'),
    ...NUMBERS.map((name) => pack(`float8send(${name === 'volume' ? "coalesce(volume, 'NaN')" : name})`, name)),
    pack(`${timeType}_send(${time})`, 'quoted_at', quoted),
    pack(`float8send(coalesce(bid, 'NaN'))`, 'bid', quoted),
    pack(`float8send(coalesce(ask, 'NaN'))`, 'ask', quoted),
  ].join(', ')
}

function unpack(table: BarTable, row: ColumnsRow): BarSeries {
  const at = table.readTimes(row.at)
  const [open, high, low, close, volume] = NUMBERS.map((name) => readFloat8s(row[name]))
  const bars = { symbol: row.symbol, basis: row.basis, at, open, high, low, close, volume }
  // The server may aggregate in another order than the inner query's.
  return ascending(row.quoted_at && row.bid && row.ask ? { ...bars, ...quotes(table, at, row) } : bars)
}

function quotes(
  table: BarTable,
  at: Float64Array,
  { quoted_at, bid, ask }: ColumnsRow,
): Pick<BarSeries, 'bid' | 'ask'> {
  const rowOf = new Map([...at].map((time, row) => [time, row]))
  const times = table.readTimes(quoted_at!)
  const spread = (sparse: Float64Array) => {
    const column = new Float64Array(at.length).fill(Number.NaN)
    for (const [i, time] of times.entries()) column[rowOf.get(time)!] = sparse[i]
    return column
  }
  return { bid: spread(readFloat8s(bid!)), ask: spread(readFloat8s(ask!)) }
}
