import { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { InputError } from '../../ports/errors.ts'
import type { CsvColumns } from '../csv/csv-table.ts'
import type { Table } from './table.ts'

/**
 * A Parquet file as a table: columns by the names of the CSV. Dates become `YYYY-MM-DD`, timestamps ISO text in UTC; a null is
 * missing, and so is a NaN.
 * @throws InputError when it is not readable Parquet, lacks a required column, or holds something else than numbers where they belong.
 */
export async function parquetTable(bytes: Buffer, file: string, wanted: CsvColumns): Promise<Table> {
  const slice = (start: number, end?: number) =>
    bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + (end ?? bytes.length)) as ArrayBuffer
  const source = { byteLength: bytes.length, slice }
  const columns = new Map<string, unknown[]>()
  let header: string[]
  let rows: number
  try {
    const metadata = await parquetMetadataAsync(source)
    header = parquetSchema(metadata).children.map((child) => child.element.name)
    rows = Number(metadata.num_rows)
    const names = [...wanted.required, ...(wanted.optional ?? [])].filter((name) => header.includes(name))
    for (const name of names) columns.set(name, Array.from({ length: rows }))
    await parquetRead({
      file: source,
      metadata,
      columns: names,
      compressors,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const column = columns.get(columnName)
        for (let row = 0; column && row < columnData.length; row++) column[rowStart + row] = columnData[row]
      },
    })
  } catch (cause) {
    throw new InputError(`${file} is not readable Parquet: ${(cause as Error).message}`, { cause })
  }
  const absent = wanted.required.filter((name) => !header.includes(name))
  if (absent.length > 0) {
    const names = absent.map((name) => `"${name}"`).join(', ')
    throw new InputError(`${file} has no column ${names}; its columns are ${header.join(',')}`)
  }

  const where = (row: number) => `${file}, row ${row + 1}`
  const column = (name: string) => {
    const found = columns.get(name)
    if (!found) throw new RangeError(`Column "${name}" of ${file} was not asked for`)
    return found
  }
  return {
    file,
    rows,
    where,
    has: (name) => header.includes(name),
    text(name) {
      const values = column(name)
      return (row) => textOf(values[row], name)
    },
    number: (name) =>
      Float64Array.from(column(name), (value, row) => {
        if (value === null || value === undefined) return Number.NaN
        const number = typeof value === 'bigint' ? Number(value) : value
        if (typeof number === 'number' && (Number.isFinite(number) || Number.isNaN(number))) return number
        throw new InputError(`${where(row)}, column "${name}": ${JSON.stringify(String(value))} is not a number`)
      }),
  }
}

function textOf(value: unknown, column: string): string {
  if (value === null || value === undefined) return ''
  if (!(value instanceof Date)) return String(value)
  const text = Number.isFinite(value.getTime()) ? value.toISOString() : 'Invalid Date'
  return column === 'date' && text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text
}
