import { rowsOf } from './columns.ts'
import { checkedPeriod } from './period.ts'
import { WilderAverage, WilderSum } from './wilder.ts'

/** Average directional index, bar by bar; see `adx`. */
export class Adx {
  readonly lookback: number
  private readonly period: number
  private readonly rises: WilderSum
  private readonly falls: WilderSum
  private readonly average: WilderAverage
  private previousHigh = Number.NaN
  private previousLow = Number.NaN
  private seen = 0

  /** `period` from 2. */
  constructor(period: number) {
    this.period = checkedPeriod('ADX period', period, 2)
    this.lookback = 2 * period - 1
    this.rises = new WilderSum(period)
    this.falls = new WilderSum(period)
    this.average = new WilderAverage(period)
  }

  push(high: number, low: number, close: number): number {
    const up = high - this.previousHigh
    const down = this.previousLow - low
    // A bar that lacks a price is missing as a whole.
    const missing = Number.isNaN(high + low + close)
    this.previousHigh = missing ? Number.NaN : high
    this.previousLow = missing ? Number.NaN : low
    if (this.seen === 0) {
      this.seen = 1
      return Number.NaN
    }
    const none = missing || Number.isNaN(up + down) ? Number.NaN : 0
    const rises = this.rises.push(up > 0 && up > down ? up : none)
    const falls = this.falls.push(down > 0 && down > up ? down : none)
    if (this.seen < this.period) {
      this.seen++
      return Number.NaN
    }
    const directed = rises + falls
    return this.average.push(directed === 0 ? 0 : (100 * Math.abs(rises - falls)) / directed)
  }
}

/**
 * Average directional index, 0 to 100: Wilder's average of |+DI − −DI| / (+DI + −DI), the directional movements smoothed over
 * `period` (from 2) bars as TA-Lib does it; the true range both are divided with cancels. Defined from index 2 · period − 1; 0
 * when nothing ever moved. A bar that lacks one of the three prices empties it from there on.
 */
export function adx(high: Float64Array, low: Float64Array, close: Float64Array, period: number): Float64Array {
  const fold = new Adx(period)
  const out = new Float64Array(rowsOf(high, low, close))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(high[i], low[i], close[i])
  return out
}
