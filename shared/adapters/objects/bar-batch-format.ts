import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type BarSeries, INTERVALS } from '../../domain/market/bar.ts'
import { ASSET_CLASSES } from '../../domain/market/instrument.ts'
import type { BarBatch } from '../../ports/ingestion-stores.ts'

/*
 * The bytes of what one step hands to the next. Parquet is for others to read; this is read once, by us, minutes later:
 *
 *   "EFBARS01" | header length (uint32) | 4 zero bytes | header (JSON) | spaces to a multiple of 8 | columns | SHA-256 of all before
 *
 * The columns are float64, little-endian as all machines we run on, in the header's order: at, open, high, low, close, volume, then the
 * quotes the series names. They start at a multiple of 8, so reading is looking: the series share the memory of the bytes read.
 */
const MAGIC = 'EFBARS01'
const PREAMBLE = 16
const DIGEST = 32
const COLUMNS = ['at', 'open', 'high', 'low', 'close', 'volume'] as const
const QUOTES = ['bid', 'ask'] as const

const headerSchema = z.array(
  z.object({
    source: z.string(),
    asset: z.enum(ASSET_CLASSES),
    interval: z.enum(INTERVALS),
    series: z.array(
      z.object({
        symbol: z.string(),
        basis: z.enum(['raw', 'split-adjusted', 'adjusted']),
        rows: z.int().nonnegative(),
        quotes: z.array(z.enum(QUOTES)).max(QUOTES.length),
      }),
    ),
  }),
)

/** The batches as bytes; equal batches give equal bytes, NaN and negative zero included. */
export function encodeBarBatches(batches: readonly BarBatch[]): Uint8Array {
  const header = Buffer.from(
    JSON.stringify(
      batches.map(({ dataset: { source, asset, interval }, series }) => ({
        source,
        asset,
        interval,
        series: series.map((bars) => ({
          symbol: bars.symbol,
          basis: bars.basis,
          rows: bars.at.length,
          quotes: QUOTES.filter((name) => bars[name]),
        })),
      })),
    ),
  )
  const start = toMultipleOf8(PREAMBLE + header.length)
  const columns = batches.flatMap(({ series }) => series.flatMap(columnsOf))
  const values = columns.reduce((sum, column) => sum + column.length, 0)
  const bytes = new Uint8Array(start + values * 8 + DIGEST)
  bytes.fill(0x20, PREAMBLE, start)
  bytes.set(Buffer.from(MAGIC, 'latin1'))
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length, true)
  bytes.set(header, PREAMBLE)

  const numbers = new Float64Array(bytes.buffer, start, values)
  let next = 0
  for (const column of columns) {
    numbers.set(column, next)
    next += column.length
  }
  bytes.set(digestOf(bytes), bytes.length - DIGEST)
  return bytes
}

/** The batches of the bytes, sharing their memory. Throws an `Error` that says what is wrong when they are not what was written. */
export function decodeBarBatches(given: Uint8Array): BarBatch[] {
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice()
  if (bytes.length < PREAMBLE + DIGEST || Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') !== MAGIC) {
    throw new Error(`it does not start with ${MAGIC}`)
  }
  if (Buffer.compare(digestOf(bytes), bytes.subarray(bytes.length - DIGEST)) !== 0)
    throw new Error('its checksum is wrong')

  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true)
  const header = headerSchema.parse(
    JSON.parse(Buffer.from(bytes.subarray(PREAMBLE, PREAMBLE + headerLength)).toString()),
  )
  let next = toMultipleOf8(PREAMBLE + headerLength)
  const column = (rows: number): Float64Array => {
    if (next + rows * 8 > bytes.length - DIGEST) throw new Error('it has fewer rows than it names')
    const values = new Float64Array(bytes.buffer, bytes.byteOffset + next, rows)
    next += rows * 8
    return values
  }
  const batches = header.map(
    ({ source, asset, interval, series }): BarBatch => ({
      dataset: { source, asset, interval },
      series: series.map(({ symbol, basis, rows, quotes }) => {
        const named = [...COLUMNS, ...quotes].map((name) => [name, column(rows)])
        return { symbol, basis, ...Object.fromEntries(named) } as BarSeries
      }),
    }),
  )
  if (next !== bytes.length - DIGEST) throw new Error('it has more rows than it names')
  return batches
}

function columnsOf(bars: BarSeries): Float64Array[] {
  const columns = COLUMNS.map((name) => bars[name])
  for (const name of QUOTES) {
    const quotes = bars[name]
    if (quotes) columns.push(quotes)
  }
  for (const column of columns) {
    if (column.length === bars.at.length) continue
    throw new RangeError(`${bars.symbol} has a column of ${column.length} beside ${bars.at.length} times`)
  }
  return columns
}

function digestOf(bytes: Uint8Array): Uint8Array {
  return createHash('sha256')
    .update(bytes.subarray(0, bytes.length - DIGEST))
    .digest()
}

function toMultipleOf8(offset: number): number {
  return (offset + 7) & ~7
}
