import { InputError } from '../../ports/errors.ts'
import { type CellIndex, cellText, indexCells, lineAt, readRecord } from './cell-index.ts'
import { decimalAt, NOT_A_NUMBER } from './decimal.ts'
import { internedText } from './interned-text.ts'
import { fileLabel, readInput, textBytes } from './read-bytes.ts'

const QUOTE = 34
const LF = 10

/** Which columns a reader needs. Others are ignored, unless `all` asks for every column of the header. */
export interface CsvColumns {
  readonly required: readonly string[]
  readonly optional?: readonly string[]
  readonly all?: boolean
}

/** A CSV in memory. Columns are converted when asked for, each once; only those named to the reader can be. */
export interface CsvTable {
  /** The file's path, or `standard input`: how messages call it. */
  readonly file: string
  readonly header: readonly string[]
  readonly rows: number
  has(name: string): boolean
  /** Reads a column as text by row; an empty cell is ''. Throws `InputError` when the file lacks the column. */
  text(name: string): (row: number) => string
  /**
   * A column as numbers, NaN where the cell is empty. The array is the table's own: copy it before changing it.
   * Throws `InputError` with line, column and value for a cell that is not a plain decimal number (words such as `null`, `NaN` and
   * `Infinity`, hex and thousands separators are not), or when the file lacks the column.
   */
  number(name: string): Float64Array
  /** The line of the file a row begins on, the header's being 1. */
  line(row: number): number
}

/**
 * Reads a CSV file, or standard input for `-`: RFC 4180, UTF-8, a header of exact names. Gzip is recognised by its bytes; BOM and
 * CR LF are accepted, and so are blank lines at the end.
 * @throws InputError naming the file and line when it cannot be read, is empty, lacks a required column (the header found is
 *   quoted), names a column twice that is read, or has a row of another width.
 */
export async function readCsv(file: string, columns: CsvColumns): Promise<CsvTable> {
  return parseCsv(await textBytes(await readInput(file), file), fileLabel(file), columns)
}

/** As `readCsv`, of bytes at hand (unpacked UTF-8); `file` is the name for messages. The table keeps the bytes. */
export function parseCsv(text: Uint8Array, file: string, columns: CsvColumns): CsvTable {
  const whole = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  const bytes = whole[0] === 0xef && whole[1] === 0xbb && whole[2] === 0xbf ? whole.subarray(3) : whole
  if (bytes.length === 0) throw new InputError(`${file} is empty, expected a CSV with a header`)

  const { cells: header, next } = readRecord(bytes, 0, file)
  const asked = columns.all ? header : [...columns.required, ...(columns.optional ?? [])]
  checkHeader(header, file, columns.required, new Set(asked))
  const wanted = [...new Set(asked)].filter((name) => header.includes(name))
  const index = indexCells(
    bytes,
    next,
    header.length,
    wanted.map((name) => header.indexOf(name)),
    file,
  )
  const starts = new Map(wanted.map((name, position) => [name, index.cellStarts[position]]))
  const texts = new Map<string, (row: number) => string>()
  const numbers = new Map<string, Float64Array>()
  let lines: Uint32Array | undefined

  const startsOf = (name: string) => {
    const found = starts.get(name)
    if (found) return found
    if (header.includes(name)) throw new RangeError(`Column "${name}" was not asked for when ${file} was read`)
    throw lacking(file, [name], header)
  }
  const line = (row: number) => {
    if (!(row >= 0 && row < index.rows)) throw new RangeError(`Row ${row} of ${index.rows}`)
    if (index.oneLineARow) return row + 2
    lines ??= countLines(bytes, index)
    return lines[row]
  }

  return {
    file,
    header,
    rows: index.rows,
    has: (name) => header.includes(name),
    text(name) {
      const known = texts.get(name) ?? internedText(bytes, startsOf(name))
      texts.set(name, known)
      return known
    },
    number(name) {
      const known = numbers.get(name)
      if (known) return known
      const cells = startsOf(name)
      const values = new Float64Array(index.rows)
      for (let row = 0; row < values.length; row++) {
        const start = cells[row]
        const quoted = bytes[start] === QUOTE
        const value = decimalAt(bytes, quoted ? start + 1 : start, quoted)
        if (value === NOT_A_NUMBER) {
          const found = shown(cellText(bytes, start))
          throw new InputError(`${file}, line ${line(row)}, column "${name}": ${found} is not a number`)
        }
        values[row] = value
      }
      numbers.set(name, values)
      return values
    },
    line,
  }
}

function checkHeader(
  header: readonly string[],
  file: string,
  required: readonly string[],
  asked: ReadonlySet<string>,
): void {
  const seen = new Set<string>()
  for (const name of header) {
    // Which of two is meant cannot be known. Of columns that nobody reads (empty ones that a spreadsheet leaves) it need not be.
    if (seen.has(name) && asked.has(name)) throw new InputError(`${file}, line 1: the column "${name}" is there twice`)
    seen.add(name)
  }
  const absent = required.filter((name) => !seen.has(name))
  if (absent.length > 0) throw lacking(file, absent, header)
}

function lacking(file: string, absent: readonly string[], header: readonly string[]): InputError {
  const names = absent.map((name) => `"${name}"`).join(', ')
  const found = header.join(',')
  const shortened = (found.length > 300 ? `${found.slice(0, 300)}…` : found).replaceAll('\r', '\\r')
  // A carriage return ends no line: a file that has no other line break is all header.
  const lines = found.includes('\r') ? ' (lines end with LF or CR LF, not with CR alone)' : ''
  return new InputError(`${file} has no column ${names}; its header is ${shortened}${lines}`)
}

function countLines(bytes: Buffer, index: CellIndex): Uint32Array {
  const lines = new Uint32Array(index.rows)
  if (index.rows === 0) return lines
  let line = lineAt(bytes, index.rowStarts[0])
  let at = index.rowStarts[0]
  for (let row = 0; row < index.rows; row++) {
    for (; at < index.rowStarts[row]; at++) if (bytes[at] === LF) line++
    lines[row] = line
  }
  return lines
}

function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
}
