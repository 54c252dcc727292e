import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type CsvTable, parseCsv } from '../../shared/adapters/csv/csv-table.ts'
import { isRecord } from '../../shared/domain/is-record.ts'
import { InputError } from '../../shared/ports/errors.ts'

/** The names that a column may have: ours first, then those of the published lists of the S&P 500. */
const COLUMNS = {
  symbol: ['symbol', 'Symbol'],
  name: ['name', 'Security'],
  sector: ['sector', 'GICS Sector'],
} as const

/**
 * The content of a mandate file with the listings of the CSV that its `universe.listingsFile` names in their place, relative to the mandate:
 * `symbol,name,sector[,currency,exchange]`, or a published list of constituents with `Symbol,Security,GICS Sector`. A share class is written
 * with a hyphen (`BRK-B`), as data providers do.
 */
export function withListings(content: unknown, mandateFile: string): unknown {
  if (!isRecord(content) || !isRecord(content.universe) || content.universe.listingsFile === undefined) return content
  const { listingsFile, ...universe } = content.universe
  if (typeof listingsFile !== 'string') {
    throw new InputError(`${mandateFile}: universe.listingsFile is ${JSON.stringify(listingsFile)}, expected a path`)
  }
  if (universe.listings !== undefined) {
    throw new InputError(`${mandateFile}: universe has both listings and listingsFile, expected one of them`)
  }
  return { ...content, universe: { ...universe, listings: readListings(resolve(dirname(mandateFile), listingsFile)) } }
}

function readListings(file: string): Record<string, string>[] {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    throw new InputError(`${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
  const table = parseCsv(bytes, file, { required: [], all: true })
  const column = (names: readonly string[]) => {
    const name = names.find((candidate) => table.has(candidate))
    if (name !== undefined) return table.text(name)
    throw new InputError(`${file} has no column ${names.join(' or ')}; its header is ${table.header.join(',')}`)
  }
  const [symbol, name, sector] = [column(COLUMNS.symbol), column(COLUMNS.name), column(COLUMNS.sector)]
  return Array.from({ length: table.rows }, (_, row) => ({
    symbol: symbol(row).replace('.', '-'),
    name: name(row),
    sector: sector(row),
    ...given(table, 'currency', row),
    ...given(table, 'exchange', row),
  }))
}

function given(table: CsvTable, column: string, row: number): Record<string, string> {
  const text = table.has(column) ? table.text(column)(row) : ''
  return text === '' ? {} : { [column]: text }
}
