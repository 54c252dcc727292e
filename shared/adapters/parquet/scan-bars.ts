import {
  type AsyncBuffer,
  type DecodedArray,
  type ParquetScan,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
} from 'hyparquet'
import type { Compressors } from 'hyparquet/src/types.js'
import type { PriceBasis } from '../../domain/market/bar.ts'
import { isSession, sessionToMs } from '../../domain/market/session.ts'
import { type BarTable, NUMBER_COLUMNS, QUOTE_COLUMNS } from './bar-table.ts'

export interface BarSelection {
  /** All when absent. */
  readonly symbols?: ReadonlySet<string>
  readonly from?: number
  readonly to?: number // exclusive
}

export interface ScanOptions {
  /** For codecs other than Snappy. */
  readonly compressors?: Compressors
  /** Basis of the rows of a file that has no such column. */
  readonly basis?: PriceBasis
}

/** Above this, asking the statistics of a row group for each symbol costs more than it saves. */
const PRUNE_SYMBOLS = 32
const BASES: ReadonlySet<unknown> = new Set<PriceBasis>(['raw', 'split-adjusted', 'adjusted'])

/**
 * The bars of a Parquet file that are asked for, a table for every row group that has any, in the file's order. Symbols are looked at
 * first; the other columns are decoded only between the first and the last row wanted. Throws an `Error` when a column is missing or not
 * of its kind, or the bytes are not Parquet.
 */
export async function* scanBars(
  file: AsyncBuffer,
  selection: BarSelection,
  options: ScanOptions = {},
): AsyncIterable<BarTable> {
  const metadata = await parquetMetadataAsync(file)
  const names = new Set(parquetSchema(metadata).children.map((child) => child.element.name))
  const timeName = names.has('time') ? 'time' : 'date'
  for (const name of ['symbol', timeName, ...NUMBER_COLUMNS]) {
    if (!names.has(name)) throw new Error(`Column "${name}" is missing (found ${[...names].join(', ')})`)
  }
  const { symbols } = selection
  const scan = await parquetScan({
    file,
    metadata,
    parsers: MILLISECONDS,
    compressors: options.compressors,
    ...(symbols && symbols.size <= PRUNE_SYMBOLS ? { pruningFilter: { symbol: { $in: [...symbols] } } } : {}),
  })
  for (const range of scan.ranges) {
    const table = await readRange(scan, range.rowStart, range.rowEnd, selection, { names, timeName, ...options })
    if (table) yield table
  }
}

/** Dates and timestamps of any unit as milliseconds since the epoch; a timestamp without zone is taken as UTC. */
const MILLISECONDS = {
  dateFromDays: (days: number | undefined) => (days === undefined ? Number.NaN : days * 86_400_000),
  timestampFromMilliseconds: (time: bigint) => Number(time),
  timestampFromMicroseconds: (time: bigint) => Number(time) / 1_000,
  timestampFromNanoseconds: (time: bigint) => Number(time / 1_000n) / 1_000,
}

interface Layout extends ScanOptions {
  readonly names: ReadonlySet<string>
  readonly timeName: string
}

async function readRange(
  scan: ParquetScan,
  rowStart: number,
  rowEnd: number,
  selection: BarSelection,
  layout: Layout,
): Promise<BarTable | undefined> {
  const symbol = toTexts('symbol', await scan.readColumn({ column: 'symbol', rowStart, rowEnd }))
  const wanted = positionsOf(symbol, selection.symbols)
  if (wanted.length === 0) return undefined

  // Rows of one symbol stand together, so little is decoded between the first and the last that is not wanted.
  const first = wanted[0]
  const last = wanted[wanted.length - 1] + 1
  const range = { rowStart: rowStart + first, rowEnd: rowStart + last }
  const read = (column: string) => scan.readColumn({ column, ...range })
  const at = toTimes(layout.timeName, await read(layout.timeName))
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = selection
  const kept: number[] = []
  for (const row of wanted) {
    const start = at[row - first]
    if (start >= from && start < to) kept.push(row - first)
  }
  if (kept.length === 0) return undefined

  const whole = kept.length === last - first
  const take = (values: Float64Array) => (whole ? values : Float64Array.from(kept, (row) => values[row]))
  const numbers: Partial<Record<string, Float64Array>> = {}
  for (const name of [...NUMBER_COLUMNS, ...QUOTE_COLUMNS]) {
    if (layout.names.has(name)) numbers[name] = take(toNumbers(name, await read(name)))
  }
  const bases = layout.names.has('basis') ? toBases(await read('basis')) : undefined
  const quotes = numbers.bid && numbers.ask ? { bid: numbers.bid, ask: numbers.ask } : {}
  return {
    symbol: kept.map((row) => symbol[row + first]),
    basis: kept.map((row) => bases?.[row] ?? layout.basis ?? 'raw'),
    at: take(at),
    open: numbers.open!,
    high: numbers.high!,
    low: numbers.low!,
    close: numbers.close!,
    volume: numbers.volume!,
    ...quotes,
  }
}

function positionsOf(symbol: readonly string[], wanted: ReadonlySet<string> | undefined): number[] {
  const rows: number[] = []
  let current: string | undefined
  let take = false
  for (let row = 0; row < symbol.length; row++) {
    if (symbol[row] !== current) {
      current = symbol[row]
      take = !wanted || wanted.has(current)
    }
    if (take) rows.push(row)
  }
  return rows
}

function toTexts(name: string, values: DecodedArray): string[] {
  const texts = Array.isArray(values) ? values : Array.from(values as ArrayLike<unknown>)
  for (const value of texts)
    if (typeof value !== 'string') throw new Error(`Column "${name}" holds ${show(value)} (expected text)`)
  return texts
}

function toBases(values: DecodedArray): PriceBasis[] {
  const bases = toTexts('basis', values)
  for (const basis of bases) {
    if (!BASES.has(basis)) throw new Error(`Column "basis" holds "${basis}" (expected ${[...BASES].join(', ')})`)
  }
  return bases as PriceBasis[]
}

function toNumbers(name: string, values: DecodedArray): Float64Array {
  if (values instanceof Float64Array) return values
  return Float64Array.from(values as ArrayLike<unknown>, (value) => {
    if (typeof value === 'number') return value
    if (typeof value === 'bigint') return Number(value)
    if (value === null || value === undefined) return Number.NaN
    throw new Error(`Column "${name}" holds ${show(value)} (expected a number)`)
  })
}

function toTimes(name: string, values: DecodedArray): Float64Array {
  return Float64Array.from(values as ArrayLike<unknown>, (value) => {
    if (typeof value === 'number' && Number.isFinite(value)) return value
    if (typeof value === 'string') {
      const at = isSession(value) ? sessionToMs(value) : Date.parse(value)
      if (!Number.isNaN(at)) return at
    }
    throw new Error(`Column "${name}" holds ${show(value)} (expected a date or a timestamp)`)
  })
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
