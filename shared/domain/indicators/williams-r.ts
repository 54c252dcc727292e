import { rowsOf } from './columns.ts'
import { checkedPeriod } from './period.ts'
import { RollingRange } from './rolling-range.ts'

/** Williams %R, bar by bar; see `williamsR`. */
export class WilliamsR {
  readonly lookback: number
  private readonly range: RollingRange

  /** `period` from 2. */
  constructor(period: number) {
    this.lookback = checkedPeriod('Williams %R period', period, 2) - 1
    this.range = new RollingRange(period)
  }

  push(high: number, low: number, close: number): number {
    // A bar without a close is missing as a whole.
    this.range.push(Number.isNaN(close) ? close : high, low)
    const { highest, lowest } = this.range
    return highest === lowest ? 0 : (-100 * (highest - close)) / (highest - lowest)
  }
}

/**
 * Williams %R: how far the close lies below the highest high of `period` (from 2) bars, −100 (at the lowest low) to 0; 0 when high
 * and low are one, as in TA-Lib. Defined from index period − 1; a bar that lacks one of the three prices empties its windows.
 */
export function williamsR(high: Float64Array, low: Float64Array, close: Float64Array, period: number): Float64Array {
  const fold = new WilliamsR(period)
  const out = new Float64Array(rowsOf(high, low, close))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(high[i], low[i], close[i])
  return out
}
