import { InputError } from '../../ports/errors.ts'

const COMMA = 44
const LF = 10
const CR = 13
const QUOTE = 34

/** Where the cells of a CSV's body begin, for the columns wanted only. */
export interface CellIndex {
  readonly rows: number
  /** Offset of each row's first byte. */
  readonly rowStarts: Uint32Array
  /** Per wanted column, the offset of each row's cell (of its opening quote, when it has one). */
  readonly cellStarts: readonly Uint32Array[]
  /** Whether row r stands on line r + 2: no line break inside a quoted cell above it. */
  readonly oneLineARow: boolean
}

/** One record, cell by cell: for the header, which is read whole. Answers the texts and the offset of the next record. */
export function readRecord(bytes: Buffer, start: number, file: string): { cells: string[]; next: number } {
  const cells: string[] = []
  let at = start
  for (;;) {
    const end = cellEnd(bytes, at, file)
    cells.push(cellText(bytes, at))
    if (end < bytes.length && bytes[end] === COMMA) at = end + 1
    else return { cells, next: afterLineBreak(bytes, end) }
  }
}

/**
 * Finds the cells of every record from an offset on. Blank lines at the end of the file are not records.
 * @throws InputError for a row of another width, or a quote that is not closed or not followed by a comma or line break.
 */
export function indexCells(
  bytes: Buffer,
  start: number,
  width: number,
  wanted: readonly number[],
  file: string,
): CellIndex {
  const end = endOfRows(bytes, start)
  const most = countLines(bytes, start, end)
  const rowStarts = new Uint32Array(most)
  const cellStarts = wanted.map(() => new Uint32Array(most))
  const columns: (Uint32Array | undefined)[] = Array.from({ length: width })
  wanted.forEach((column, position) => {
    columns[column] = cellStarts[position]
  })

  let row = 0
  let at = start
  while (at < end) {
    rowStarts[row] = at
    let column = 0
    for (;;) {
      const starts = column < width ? columns[column] : undefined
      if (starts !== undefined) starts[row] = at
      column++
      if (at < end && bytes[at] === QUOTE) {
        at = cellEnd(bytes, at, file)
      } else {
        let byte = at < end ? bytes[at] : LF
        while (byte !== COMMA && byte !== LF) byte = ++at < end ? bytes[at] : LF
      }
      if (at < end && bytes[at] === COMMA) at++
      else break
    }
    if (column !== width) {
      const line = lineAt(bytes, rowStarts[row])
      throw new InputError(`${file}, line ${line}: ${count(column, 'cell')}, expected ${width} as in the header`)
    }
    at = afterLineBreak(bytes, at)
    row++
  }
  const oneLineARow = row === most && lineAt(bytes, start) === 2
  return {
    rows: row,
    rowStarts: row === most ? rowStarts : rowStarts.slice(0, row),
    cellStarts: row === most ? cellStarts : cellStarts.map((starts) => starts.slice(0, row)),
    oneLineARow,
  }
}

/** The text of the cell that starts at an offset, without its quotes. */
export function cellText(bytes: Buffer, start: number): string {
  if (bytes[start] === QUOTE) {
    let end = start + 1
    let doubled = false
    while (bytes[end] !== QUOTE || bytes[end + 1] === QUOTE) {
      if (bytes[end] === QUOTE) {
        doubled = true
        end++
      }
      end++
    }
    const text = bytes.toString('utf8', start + 1, end)
    return doubled ? text.replaceAll('""', '"') : text
  }
  return bytes.toString('utf8', start, bareCellEnd(bytes, start))
}

/** The end of an unquoted cell: its comma, line break (CR LF or LF) or the end of the bytes. */
export function bareCellEnd(bytes: Buffer, start: number): number {
  let end = start
  while (end < bytes.length && bytes[end] !== COMMA && bytes[end] !== LF) end++
  const beforeBreak = end > start && bytes[end - 1] === CR && (end === bytes.length || bytes[end] === LF)
  return beforeBreak ? end - 1 : end
}

/** The line an offset stands on, the first being 1. */
export function lineAt(bytes: Buffer, offset: number): number {
  let line = 1
  for (let at = bytes.indexOf(LF); at !== -1 && at < offset; at = bytes.indexOf(LF, at + 1)) line++
  return line
}

function cellEnd(bytes: Buffer, start: number, file: string): number {
  if (bytes[start] !== QUOTE) {
    let at = start
    while (at < bytes.length && bytes[at] !== COMMA && bytes[at] !== LF) at++
    return at
  }
  let at = start
  for (;;) {
    at = bytes.indexOf(QUOTE, at + 1)
    if (at === -1) throw new InputError(`${file}, line ${lineAt(bytes, start)}: a quote is opened and never closed`)
    at++
    if (bytes[at] !== QUOTE) break // a doubled quote is one quote of the text
  }
  if (at >= bytes.length || bytes[at] === COMMA || bytes[at] === LF) return at
  if (bytes[at] === CR && (at + 1 === bytes.length || bytes[at + 1] === LF)) return at
  const line = lineAt(bytes, at)
  throw new InputError(`${file}, line ${line}: a closing quote is followed by text, expected a comma or the line's end`)
}

function afterLineBreak(bytes: Buffer, end: number): number {
  return bytes[end] === CR ? end + 2 : end + 1
}

/** Where the last record ends: line breaks at the end of the file stand for no record. */
function endOfRows(bytes: Buffer, start: number): number {
  let end = bytes.length
  while (end > start && (bytes[end - 1] === LF || bytes[end - 1] === CR)) end--
  return end
}

function countLines(bytes: Buffer, start: number, end: number): number {
  if (end <= start) return 0
  let lines = 1
  for (let at = start; at < end; at++) if (bytes[at] === LF) lines++
  return lines
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`
}
