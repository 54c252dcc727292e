import { type BarSeries, countBars, type PriceBasis } from '../../domain/market/bar.ts'
import { PermanentError } from '../../ports/errors.ts'
import { type BarTable, blankTable, copyRow, hasQuotes } from './bar-table.ts'

/** Tables end to end; the one there is when there is one. */
export function joinTables(tables: readonly BarTable[]): BarTable {
  if (tables.length === 1) return tables[0]
  const rows = countBars(tables)
  const joined = blankTable(
    rows,
    tables.some((table) => table.bid),
  )
  let next = 0
  for (const table of tables) for (let row = 0; row < table.at.length; row++) copyRow(table, row, joined, next++)
  return joined
}

/**
 * One series a symbol, symbols in order, rows in the order of the tables. Bars of one symbol on two bases have no common series (a split
 * between them would look like a crash), so they throw `PermanentError`.
 */
export function seriesOf(tables: readonly BarTable[]): BarSeries[] {
  const rows = new Map<string, number>()
  for (const { symbol } of tables) for (const one of symbol) rows.set(one, (rows.get(one) ?? 0) + 1)

  const quoted = tables.some((table) => table.bid)
  const filling = new Map<string, { readonly table: BarTable; readonly basis: PriceBasis; next: number }>()
  for (const table of tables) {
    const { symbol, basis } = table
    for (let row = 0; row < symbol.length; row++) {
      let target = filling.get(symbol[row])
      if (!target) {
        target = { table: blankTable(rows.get(symbol[row])!, quoted), basis: basis[row], next: 0 }
        filling.set(symbol[row], target)
      }
      if (target.basis !== basis[row]) {
        const when = new Date(table.at[row]).toISOString()
        throw new PermanentError(
          `${symbol[row]} changes from ${target.basis} to ${basis[row]} prices at ${when}, so it is not one series`,
        )
      }
      copyRow(table, row, target.table, target.next++)
    }
  }

  return [...filling.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbol, { table, basis }]) => {
      const { at, open, high, low, close, volume, bid, ask } = table
      const quotes = bid && ask && hasQuotes(table) ? { bid, ask } : {}
      return { symbol, basis, at, open, high, low, close, volume, ...quotes }
    })
}
