import type { SchemaElement } from 'hyparquet'
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import type { Interval } from '../../domain/market/bar.ts'
import { DAY_MS } from '../../domain/market/session.ts'
import { type BarTable, hasQuotes, NUMBER_COLUMNS, QUOTE_COLUMNS } from './bar-table.ts'

/** Small enough that one symbol's rows in a day of minute bars are found without decoding the day. */
export const ROW_GROUP_ROWS = 16_384

/**
 * Options under which equal rows give equal bytes: the writer's name is fixed and nothing is dated. (A newer version of the library may
 * still choose other bytes; readers trust the recorded hash, and unchanged rows are not written again.)
 */
export const WRITE_OPTIONS = {
  codec: 'SNAPPY',
  createdBy: 'edgefund',
  rowGroupSize: ROW_GROUP_ROWS,
  pageSize: 0, // a row group's column is one page
} as const

const text = (name: string): SchemaElement => ({
  name,
  type: 'BYTE_ARRAY',
  repetition_type: 'REQUIRED',
  converted_type: 'UTF8',
  logical_type: { type: 'STRING' },
})
const double = (name: string, repetition_type: 'REQUIRED' | 'OPTIONAL'): SchemaElement => ({
  name,
  type: 'DOUBLE',
  repetition_type,
})
const date: SchemaElement = {
  name: 'date',
  type: 'INT32',
  repetition_type: 'REQUIRED',
  converted_type: 'DATE',
  logical_type: { type: 'DATE' },
}
const time: SchemaElement = {
  name: 'time',
  type: 'INT64',
  repetition_type: 'REQUIRED',
  converted_type: 'TIMESTAMP_MILLIS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
}

/** Columns of a file of bars: symbol, date (daily) or time (UTC, ms), prices, volume, basis, and quotes when asked for. */
export function barSchema(interval: Interval, quotes: boolean): SchemaElement[] {
  const columns = [
    text('symbol'),
    interval === '1d' ? date : time,
    ...NUMBER_COLUMNS.map((name) => double(name, 'REQUIRED')),
    text('basis'),
    ...(quotes ? QUOTE_COLUMNS.map((name) => double(name, 'OPTIONAL')) : []),
  ]
  return [{ name: 'bars', num_children: columns.length }, ...columns]
}

/**
 * The table's values as the schema wants them. A missing quote is null, for NaN would be a number to SQL. Encodings are named rather than
 * left to the library's sampling, and only the columns people look rows up by carry statistics.
 */
export function barColumns(table: BarTable, interval: Interval, quotes: boolean): ColumnSource[] {
  const number = (name: (typeof NUMBER_COLUMNS)[number]): ColumnSource => ({
    name,
    data: table[name],
    encoding: 'PLAIN',
    statistics: false,
  })
  const quote = (name: (typeof QUOTE_COLUMNS)[number]): ColumnSource => ({
    name,
    data: nullable(table[name], table.at.length),
    encoding: 'PLAIN',
    statistics: false,
  })
  return [
    // In a file of daily bars every symbol is another one; in one of minutes each stands for hundreds of rows.
    { name: 'symbol', data: table.symbol.map(toUtf8), encoding: interval === '1d' ? 'PLAIN' : 'RLE_DICTIONARY' },
    interval === '1d'
      ? { name: 'date', data: toDays(table.at), encoding: 'RLE_DICTIONARY' }
      : { name: 'time', data: toBigInts(table.at), encoding: 'RLE_DICTIONARY' },
    ...NUMBER_COLUMNS.map(number),
    { name: 'basis', data: table.basis, encoding: 'RLE_DICTIONARY' },
    ...(quotes ? QUOTE_COLUMNS.map(quote) : []),
  ]
}

const utf8 = new TextEncoder()
const encoded = new Map<string, Uint8Array>()
/** More symbols than any universe has: past it the cache starts anew. */
const CACHED_SYMBOLS = 50_000

/** The bytes of a symbol. The same few hundred come again in every file, so they are kept. */
function toUtf8(symbol: string): Uint8Array {
  let bytes = encoded.get(symbol)
  if (!bytes) {
    if (encoded.size >= CACHED_SYMBOLS) encoded.clear()
    bytes = utf8.encode(symbol)
    encoded.set(symbol, bytes)
  }
  return bytes
}

function toDays(at: Float64Array): Int32Array {
  const days = new Int32Array(at.length)
  for (let row = 0; row < at.length; row++) days[row] = at[row] / DAY_MS
  return days
}

function toBigInts(at: Float64Array): BigInt64Array {
  const times = new BigInt64Array(at.length)
  for (let row = 0; row < at.length; row++) times[row] = BigInt(at[row])
  return times
}

function nullable(values: Float64Array | undefined, rows: number): (number | null)[] {
  const cells = new Array<number | null>(rows).fill(null)
  if (values) for (let row = 0; row < rows; row++) if (!Number.isNaN(values[row])) cells[row] = values[row]
  return cells
}

/** A Parquet file of the rows, Snappy-compressed. Quotes get columns only when some row has them. */
export function encodeBars(table: BarTable, interval: Interval): Uint8Array {
  const quotes = hasQuotes(table)
  return new Uint8Array(
    parquetWriteBuffer({
      ...WRITE_OPTIONS,
      schema: barSchema(interval, quotes),
      columnData: barColumns(table, interval, quotes),
    }),
  )
}
