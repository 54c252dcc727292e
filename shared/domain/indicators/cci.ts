import { rowsOf } from './columns.ts'
import { checkedPeriod } from './period.ts'
import { typicalPrice } from './typical-price.ts'

/** Lambert's constant: most values of most markets then lie within ±100. */
const SCALE = 0.015

/** Commodity channel index, bar by bar; see `cci`. */
export class Cci {
  readonly lookback: number
  private readonly window: Float64Array
  private at = 0

  /** `period` from 2. */
  constructor(period: number) {
    this.lookback = checkedPeriod('CCI period', period, 2) - 1
    this.window = new Float64Array(period).fill(Number.NaN)
  }

  push(high: number, low: number, close: number): number {
    const { window } = this
    const period = window.length
    const price = typicalPrice(high, low, close)
    window[this.at] = price
    this.at = this.at + 1 === period ? 0 : this.at + 1

    // Distances from the last price instead of prices: a flat window then has a deviation of exactly 0.
    let sum = 0
    for (let i = 0; i < period; i++) sum += window[i] - price
    const mean = sum / period
    let distances = 0
    for (let i = 0; i < period; i++) distances += Math.abs(window[i] - price - mean)
    return mean === 0 || distances === 0 ? 0 : -mean / ((SCALE * distances) / period)
  }
}

/**
 * Commodity channel index: the typical price's distance from its mean over `period` (from 2) bars, in 0.015 mean absolute
 * deviations; 0 for a flat window. Defined from index period − 1; a bar that lacks one of the three prices empties its windows.
 * @see Lambert (1980), "Commodity Channel Index", Commodities Magazine.
 */
export function cci(high: Float64Array, low: Float64Array, close: Float64Array, period: number): Float64Array {
  const fold = new Cci(period)
  const out = new Float64Array(rowsOf(high, low, close))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(high[i], low[i], close[i])
  return out
}
