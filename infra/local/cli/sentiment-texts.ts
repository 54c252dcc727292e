import { parseCsv } from '../../../shared/adapters/csv/csv-table.ts'
import { fileLabel, readInput, textBytes } from '../../../shared/adapters/csv/read-bytes.ts'
import { InputError } from '../../../shared/ports/errors.ts'

const TEXT = 'text'
const EXPECTED = `a CSV with a column "${TEXT}", or one text a line`
/** The longest first line that may be a header: a longer one is prose. */
const LONGEST_HEADER = 1000

/**
 * The texts of a file, or of standard input for `-`: of a CSV, when its first line is a header with a column `text`, else a line each.
 * An empty line is an empty text. May be gzipped.
 * @throws InputError when the file cannot be read, is empty, is not UTF-8, is a CSV with a broken row, or begins with what can only be
 *   the header of a CSV without that column.
 */
export async function readTexts(file: string): Promise<string[]> {
  const bytes = await textBytes(await readInput(file), file, EXPECTED)
  const first = firstLine(bytes)
  if (hasTextColumn(first)) {
    const table = parseCsv(bytes, fileLabel(file), { required: [TEXT] })
    const text = table.text(TEXT)
    return Array.from({ length: table.rows }, (_, row) => text(row))
  }
  if (isOtherHeader(first)) {
    throw new InputError(`${fileLabel(file)} has no column "${TEXT}"; its header is ${first}, expected ${EXPECTED}`)
  }
  const lines = bytes.toString('utf8').split(/\r\n|\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function firstLine(bytes: Buffer): string {
  const end = bytes.indexOf('\n')
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end).trim()
}

function hasTextColumn(line: string): boolean {
  return line.split(',').some((name) => name === TEXT || name === `"${TEXT}"`)
}

/** Whether a line is names alone, set side by side (`title,date`) or near to the one that is looked for (`Text`, `id; text`). */
function isOtherHeader(line: string): boolean {
  if (line.length > LONGEST_HEADER) return false
  const cells = line.split(/[,;\t]/)
  const names = cells.map((cell) => /^"?([\p{L}_][\p{L}\p{N}_.-]*)"?$/u.exec(cell.trim())?.[1])
  if (names.includes(undefined)) return false
  const isTight = cells.length > 1 && cells.every((cell) => cell === cell.trim())
  return isTight || names.some((name) => name?.toLowerCase() === TEXT)
}
