import { createHash } from 'node:crypto'
import { type CsvColumns, parseCsv } from '../csv/csv-table.ts'
import { readInput, textBytes } from '../csv/read-bytes.ts'
import { parquetTable } from './parquet-table.ts'

/** A CSV or Parquet file in columns. */
export interface Table {
  readonly file: string
  readonly rows: number
  has(name: string): boolean
  text(name: string): (row: number) => string // '' is missing
  number(name: string): Float64Array // NaN is missing
  /** How messages call a row: `prices.csv, line 17` or `prices.parquet, row 16`. */
  where(row: number): string
}

/** A file's rows and the hash of its bytes. */
export interface Hashed<Row> {
  readonly rows: readonly Row[]
  readonly sha256: string
}

/**
 * Reads a file with its bytes, so that what is hashed is what is parsed. Parquet is recognised by its first bytes.
 * @throws InputError as `readCsv` does.
 */
export async function readTable(file: string, columns: CsvColumns): Promise<{ table: Table; bytes: Buffer }> {
  const bytes = await readInput(file)
  if (bytes.subarray(0, 4).toString('latin1') === 'PAR1')
    return { table: await parquetTable(bytes, file, columns), bytes }
  const table = parseCsv(await textBytes(bytes, file), file, columns)
  return { table: { ...table, where: (row) => `${file}, line ${table.line(row)}` }, bytes }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
