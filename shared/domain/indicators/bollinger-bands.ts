import { checkedFactor, checkedPeriod } from './period.ts'
import { RollingMoments } from './rolling-moments.ts'

/** Bollinger bands, value by value; after a push the three fields hold its values. See `bollingerBands`. */
export class BollingerBands {
  readonly lookback: number
  upper = Number.NaN
  middle = Number.NaN
  lower = Number.NaN
  private readonly period: number
  private readonly deviations: number
  private readonly moments: RollingMoments

  /** `period` from 2, `deviations` from 0. */
  constructor(period: number, deviations: number) {
    this.period = checkedPeriod('Bollinger period', period, 2)
    this.deviations = checkedFactor('Bollinger deviations', deviations)
    this.lookback = period - 1
    this.moments = new RollingMoments(period)
  }

  push(value: number): void {
    const { moments } = this
    moments.push(value)
    const distance = this.deviations * Math.sqrt(moments.squares / this.period)
    this.middle = moments.mean
    this.upper = moments.mean + distance
    this.lower = moments.mean - distance
  }
}

/**
 * Bollinger bands: the mean of the last `period` (from 2) values, and `deviations` (from 0) population standard deviations above
 * and below, in price units. All three are equal for a flat window. Defined from index period − 1; a missing value empties its
 * windows.
 */
export function bollingerBands(
  values: Float64Array,
  period: number,
  deviations: number,
): { upper: Float64Array; middle: Float64Array; lower: Float64Array } {
  const fold = new BollingerBands(period, deviations)
  const upper = new Float64Array(values.length)
  const middle = new Float64Array(values.length)
  const lower = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    fold.push(values[i])
    upper[i] = fold.upper
    middle[i] = fold.middle
    lower[i] = fold.lower
  }
  return { upper, middle, lower }
}
