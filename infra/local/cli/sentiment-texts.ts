import { parseCsv } from '../../../shared/adapters/csv/csv-table.ts'
import { fileLabel, readInput, textBytes } from '../../../shared/adapters/csv/read-bytes.ts'

const TEXT = 'text'

/**
 * The texts of a file, or of standard input for `-`: of a CSV, when its first line is a header with a column `text`, else a line each.
 * An empty line is an empty text. May be gzipped.
 * @throws InputError when the file cannot be read, is empty, is not UTF-8, or is a CSV with a broken row.
 */
export async function readTexts(file: string): Promise<string[]> {
  const bytes = await textBytes(await readInput(file), file)
  if (hasTextColumn(firstLine(bytes))) {
    const table = parseCsv(bytes, fileLabel(file), { required: [TEXT] })
    const text = table.text(TEXT)
    return Array.from({ length: table.rows }, (_, row) => text(row))
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
