import type { Cell } from './output.ts'

/** Rows in aligned columns for people: numbers to the right, nothing for what is missing. */
export function textTable(columns: readonly string[], rows: readonly (readonly Cell[])[], indent = ''): string {
  const cells = rows.map((row) =>
    columns.map((_, i) => (row[i] === null || row[i] === undefined ? '' : String(row[i]))),
  )
  const rightwards = columns.map((_, i) => rows.length > 0 && rows.every((row) => isNumberLike(row[i])))
  const widths = columns.map((name, i) => cells.reduce((most, row) => Math.max(most, row[i].length), name.length))
  const line = (texts: readonly string[]) =>
    indent +
    texts
      .map((text, i) => (rightwards[i] ? text.padStart(widths[i]) : text.padEnd(widths[i])))
      .join('  ')
      .trimEnd()
  return `${[line(columns), ...cells.map(line)].join('\n')}\n`
}

/** A number, or one with a unit behind it (`1.2 s`, `3 MB`). */
function isNumberLike(cell: Cell): boolean {
  return (
    cell === null ||
    cell === undefined ||
    typeof cell === 'number' ||
    /^-?[\d.,]+( ?[a-zA-Z%]{1,3})?$/.test(String(cell))
  )
}
