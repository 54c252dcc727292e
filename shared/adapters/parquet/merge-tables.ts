import {
  type BarTable,
  blankTable,
  compareRows,
  copyRow,
  hasQuotes,
  NUMBER_COLUMNS,
  QUOTE_COLUMNS,
} from './bar-table.ts'

/**
 * Two ordered tables as one, by (symbol, at); where both have a row the newer one stands, whole. Answers the stored table itself when the
 * newer one tells nothing new, so a caller knows by identity that there is nothing to write.
 */
export function mergeTables(stored: BarTable, newer: BarTable): BarTable {
  const oldRows = stored.at.length
  const newRows = newer.at.length
  // A position of the stored table, or the complement of one of the newer table.
  const rows = new Int32Array(oldRows + newRows)
  let count = 0
  let changed = false
  let a = 0
  let b = 0
  while (a < oldRows || b < newRows) {
    const order = a === oldRows ? 1 : b === newRows ? -1 : compareRows(stored, a, newer, b)
    if (order < 0) rows[count++] = a++
    else if (order > 0) {
      rows[count++] = ~b++
      changed = true
    } else {
      changed ||= !equalRows(stored, a, newer, b)
      rows[count++] = ~b
      a++
      b++
    }
  }
  if (!changed) return stored

  const merged = blankTable(count, hasQuotes(stored) || hasQuotes(newer))
  for (let at = 0; at < count; at++) {
    const row = rows[at]
    if (row >= 0) copyRow(stored, row, merged, at)
    else copyRow(newer, ~row, merged, at)
  }
  return merged
}

/** Same numbers and basis; a missing quote equals a missing quote. */
function equalRows(left: BarTable, a: number, right: BarTable, b: number): boolean {
  if (left.basis[a] !== right.basis[b]) return false
  for (const name of NUMBER_COLUMNS) if (!Object.is(left[name][a], right[name][b])) return false
  for (const name of QUOTE_COLUMNS) {
    if (!Object.is(left[name]?.[a] ?? Number.NaN, right[name]?.[b] ?? Number.NaN)) return false
  }
  return true
}
