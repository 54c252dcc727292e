/** A cell of a table: undefined and NaN print as nothing in CSV and as null in JSON. */
export type Cell = string | number | boolean | null | undefined

/** Where a verb writes: results on stdout (CSV, or one JSON document with `--json`), everything else on stderr. */
export interface Io {
  readonly json: boolean
  stdout(text: string): void
  stderr(text: string): void
}

/** A value as the contract prints it: numbers as JavaScript does, booleans `true|false`, quoted only where RFC 4180 asks for it. */
export function csvCell(cell: Cell): string {
  if (cell === undefined || cell === null) return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  if (typeof cell === 'boolean') return String(cell)
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function jsonCell(cell: Cell): string {
  return JSON.stringify(cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell)) ? null : cell)
}

/** How much text is written at once. */
const CHUNK = 1 << 16

/**
 * Prints rows as CSV with a header, or as one JSON array of objects whose keys are the CSV's in the CSV's order. Row by row, so that
 * a table may be longer than the longest string.
 */
export function printTable(io: Io, columns: readonly string[], rows: Iterable<readonly Cell[]>): void {
  const keys = columns.map((name) => `${JSON.stringify(name)}:`)
  const jsonRow = (row: readonly Cell[]) => `{${keys.map((key, i) => key + jsonCell(row[i])).join(',')}}`
  const csvRow = (row: readonly Cell[]) => `${columns.map((_, i) => csvCell(row[i])).join(',')}\n`

  let chunk = io.json ? '[' : csvRow(columns)
  let between = ''
  for (const row of rows) {
    chunk += io.json ? between + jsonRow(row) : csvRow(row)
    between = ','
    if (chunk.length > CHUNK) {
      io.stdout(chunk)
      chunk = ''
    }
  }
  io.stdout(io.json ? `${chunk}]\n` : chunk)
}

/** Prints one JSON document. NaN and infinities become null. */
export function printJson(io: Io, value: unknown): void {
  const text = JSON.stringify(value, (_, v) => (typeof v === 'number' && !Number.isFinite(v) ? null : v))
  io.stdout(`${text}\n`)
}
