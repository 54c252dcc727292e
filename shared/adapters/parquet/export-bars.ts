import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { BarSeries, Interval } from '../../domain/market/bar.ts'
import { InputError } from '../../ports/errors.ts'
import { barColumns, barSchema, WRITE_OPTIONS } from './bar-schema.ts'
import { type BarTable, blankTable, copyBars, hasQuotes } from './bar-table.ts'

/** Rows kept in memory before they go to the file; analysts' tools like their row groups large. */
const GROUP_ROWS = 100_000

/**
 * Writes bars into one Parquet file, with the columns of the archive, in the order given; it is put in place in one rename when it is
 * complete. Series may come one by one: no more than a row group and a series are held in memory. Whether there are quote columns must be
 * known before the first row is written: it is looked up when all series are given at once, and else told by `quotes`. A series with
 * quotes in a file without such columns, and a daily bar that is not at 00:00 UTC, throw `InputError`.
 */
export async function exportBarsParquet(
  path: string,
  interval: Interval,
  series: Iterable<BarSeries> | AsyncIterable<BarSeries>,
  options: { readonly quotes?: boolean } = {},
): Promise<{ readonly rows: number; readonly bytes: number }> {
  const quotes = options.quotes ?? (Array.isArray(series) && (series as readonly BarSeries[]).some(hasQuotes))
  const target = resolve(path)
  await mkdir(dirname(target), { recursive: true })
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
  try {
    const file = await open(draft, 'wx')
    let size: { rows: number; bytes: number }
    try {
      size = await writeFile(file, interval, series, quotes)
      await file.datasync()
    } finally {
      await file.close()
    }
    await rename(draft, target)
    return size
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function writeFile(
  file: FileHandle,
  interval: Interval,
  series: Iterable<BarSeries> | AsyncIterable<BarSeries>,
  quotes: boolean,
): Promise<{ rows: number; bytes: number }> {
  const buffer = new ByteWriter()
  const parquet = new ParquetWriter({ ...WRITE_OPTIONS, writer: buffer, schema: barSchema(interval, quotes) })
  let rows = 0
  const drain = async () => {
    await file.writeFile(buffer.getBytes())
    buffer.index = 0
  }
  for await (const table of groups(series, interval, quotes)) {
    parquet.write({ columnData: barColumns(table, interval, quotes), rowGroupSize: GROUP_ROWS, pageSize: 0 })
    rows += table.at.length
    await drain()
  }
  parquet.finish()
  await drain()
  return { rows, bytes: buffer.offset }
}

/** The bars of all series in tables of a row group's size. */
async function* groups(
  series: Iterable<BarSeries> | AsyncIterable<BarSeries>,
  interval: Interval,
  quotes: boolean,
): AsyncIterable<BarTable> {
  let waiting: BarSeries[] = []
  let rows = 0
  for await (const bars of series) {
    check(bars, interval, quotes)
    waiting.push(bars)
    rows += bars.at.length
    if (rows < GROUP_ROWS) continue
    yield tableOf(waiting, rows, quotes)
    waiting = []
    rows = 0
  }
  if (rows > 0) yield tableOf(waiting, rows, quotes)
}

function tableOf(series: readonly BarSeries[], rows: number, quotes: boolean): BarTable {
  const table = blankTable(rows, quotes)
  let next = 0
  for (const bars of series) {
    copyBars(bars, 0, bars.at.length, table, next)
    next += bars.at.length
  }
  return table
}

function check(bars: BarSeries, interval: Interval, quotes: boolean): void {
  if (!quotes && hasQuotes(bars))
    throw new InputError(`${bars.symbol} has quotes, but the file was begun without columns for them`)
  const unit = interval === '1d' ? 86_400_000 : 1
  const row = bars.at.findIndex((at) => at % unit !== 0)
  if (row < 0) return
  const expected = interval === '1d' ? 'a date at 00:00 UTC' : 'whole milliseconds'
  throw new InputError(`A ${interval} bar of ${bars.symbol} starts at ${bars.at[row]} (expected ${expected})`)
}
