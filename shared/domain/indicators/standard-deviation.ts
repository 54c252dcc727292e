import { checkedPeriod } from './period.ts'
import { RollingMoments } from './rolling-moments.ts'

/** Standard deviation of a window, value by value; see `standardDeviation`. */
export class StandardDeviation {
  readonly lookback: number
  private readonly period: number
  private readonly moments: RollingMoments

  /** `period` from 2. */
  constructor(period: number) {
    this.period = checkedPeriod('Standard deviation period', period, 2)
    this.lookback = period - 1
    this.moments = new RollingMoments(period)
  }

  push(value: number): number {
    this.moments.push(value)
    return Math.sqrt(this.moments.squares / this.period)
  }
}

/**
 * Population standard deviation (ddof 0, as in TA-Lib) of the last `period` (from 2) values, in their units; 0 for a flat window.
 * Defined from index period − 1; a missing value empties its windows. TA-Lib gives 0 below 1e-7, whatever the price; here tiny
 * deviations are kept (https://github.com/TA-Lib/ta-lib/issues/243).
 */
export function standardDeviation(values: Float64Array, period: number): Float64Array {
  const fold = new StandardDeviation(period)
  const out = new Float64Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = fold.push(values[i])
  return out
}
