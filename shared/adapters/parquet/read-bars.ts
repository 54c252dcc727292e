import { asyncBufferFromFile } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { BarSeries, PriceBasis } from '../../domain/market/bar.ts'
import { InputError } from '../../ports/errors.ts'
import type { BarTable } from './bar-table.ts'
import { type BarSelection, scanBars } from './scan-bars.ts'
import { seriesOf } from './table-series.ts'

/**
 * Reads the bars of any Parquet file with the columns symbol, date or time, open, high, low, close, volume and, where it has them, basis,
 * bid, ask, whoever wrote it (any codec; dates, timestamps of any unit and ISO text; integers; nulls become NaN). One series a symbol, symbols in
 * order, bars in the file's order, which may hold duplicates and disorder. Rows without a basis column get `basis`, `raw` unless told.
 * Throws `InputError` when the file is missing, is not Parquet, or lacks a column.
 */
export async function readBarsParquet(
  path: string,
  options: BarSelection & { readonly basis?: PriceBasis } = {},
): Promise<BarSeries[]> {
  const { basis, ...selection } = options
  const tables: BarTable[] = []
  try {
    const file = await asyncBufferFromFile(path)
    for await (const table of scanBars(file, selection, { compressors, ...(basis ? { basis } : {}) }))
      tables.push(table)
  } catch (error) {
    throw new InputError(`Cannot read bars from ${path}: ${(error as Error).message}`, { cause: error })
  }
  return seriesOf(tables)
}
