import { rowsOf } from './columns.ts'

/** True range, bar by bar; see `trueRange`. */
export class TrueRange {
  readonly lookback = 1
  private previousClose = Number.NaN

  push(high: number, low: number, close: number): number {
    const before = this.previousClose
    this.previousClose = close
    // A bar that lacks a price is missing as a whole: it has no range, and the next bar no bar before it.
    if (Number.isNaN(high + low + close)) {
      this.previousClose = Number.NaN
      return Number.NaN
    }
    return Math.max(high - low, Math.abs(high - before), Math.abs(low - before))
  }
}

/**
 * True range: the widest of high − low, |high − previous close| and |low − previous close|, in price units. Defined from index 1;
 * a bar that lacks one of the three prices empties its own range and the next.
 */
export function trueRange(high: Float64Array, low: Float64Array, close: Float64Array): Float64Array {
  const fold = new TrueRange()
  const out = new Float64Array(rowsOf(high, low, close))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(high[i], low[i], close[i])
  return out
}
