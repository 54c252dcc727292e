import type { BarSeries, PriceBasis } from '../../domain/market/bar.ts'

export const NUMBER_COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const
export const QUOTE_COLUMNS = ['bid', 'ask'] as const

/** Bars of many symbols in columns, a row each, in the order (symbol by code unit, at) unless the text says otherwise. */
export interface BarTable {
  readonly symbol: string[]
  readonly basis: PriceBasis[]
  readonly at: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
  /** Both or neither; NaN in a row without quotes. */
  readonly bid?: Float64Array
  readonly ask?: Float64Array
}

/** A table of so many rows, to be filled: quotes are NaN until they are. */
export function blankTable(rows: number, quotes: boolean): BarTable {
  const column = () => new Float64Array(rows)
  const quote = () => column().fill(Number.NaN)
  return {
    symbol: new Array<string>(rows),
    basis: new Array<PriceBasis>(rows),
    at: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    ...(quotes ? { bid: quote(), ask: quote() } : {}),
  }
}

/** Copies one row into another table. Quotes are lost where the target has no room for them. */
export function copyRow(from: BarTable, row: number, to: BarTable, at: number): void {
  to.symbol[at] = from.symbol[row]
  to.basis[at] = from.basis[row]
  to.at[at] = from.at[row]
  to.open[at] = from.open[row]
  to.high[at] = from.high[row]
  to.low[at] = from.low[row]
  to.close[at] = from.close[row]
  to.volume[at] = from.volume[row]
  if (to.bid && to.ask && from.bid && from.ask) {
    to.bid[at] = from.bid[row]
    to.ask[at] = from.ask[row]
  }
}

/** Copies bars of a series into rows of a table. */
export function copyBars(from: BarSeries, start: number, end: number, to: BarTable, at: number): void {
  for (let row = start; row < end; row++, at++) {
    to.symbol[at] = from.symbol
    to.basis[at] = from.basis
    to.at[at] = from.at[row]
    to.open[at] = from.open[row]
    to.high[at] = from.high[row]
    to.low[at] = from.low[row]
    to.close[at] = from.close[row]
    to.volume[at] = from.volume[row]
    if (to.bid) to.bid[at] = from.bid?.[row] ?? Number.NaN
    if (to.ask) to.ask[at] = from.ask?.[row] ?? Number.NaN
  }
}

/** Whether any row has a bid or an ask. */
export function hasQuotes(bars: { readonly bid?: Float64Array; readonly ask?: Float64Array }): boolean {
  return [bars.bid, bars.ask].some((column) => column?.some((quote) => !Number.isNaN(quote)))
}

/** The table in the order (symbol, at), of equal keys only the last row. The same table when it is so already. */
export function inOrder(table: BarTable): BarTable {
  const { symbol, at } = table
  const rows = at.length
  let ordered = true
  for (let row = 1; row < rows && ordered; row++) ordered = compareRows(table, row - 1, table, row) < 0
  if (ordered) return table

  const positions = Array.from({ length: rows }, (_, row) => row)
  positions.sort((a, b) => compareRows(table, a, table, b) || a - b)
  const kept = positions.filter((row, index) => {
    const next = positions[index + 1]
    return next === undefined || symbol[row] !== symbol[next] || at[row] !== at[next]
  })
  const sorted = blankTable(kept.length, table.bid !== undefined)
  kept.forEach((row, index) => {
    copyRow(table, row, sorted, index)
  })
  return sorted
}

/** Order of two rows by symbol (code units), then time. */
export function compareRows(left: BarTable, a: number, right: BarTable, b: number): number {
  const one = left.symbol[a]
  const other = right.symbol[b]
  if (one !== other) return one < other ? -1 : 1
  return left.at[a] - right.at[b]
}
