import { checkedPeriod } from './period.ts'

/** Simple moving average, value by value; see `sma`. */
export class Sma {
  readonly lookback: number
  private readonly period: number
  private readonly window: Float64Array
  private at = 0
  private sum = Number.NaN
  private sumOfRound = 0

  /** `period` from 2. */
  constructor(period: number) {
    this.period = checkedPeriod('SMA period', period, 2)
    this.lookback = period - 1
    this.window = new Float64Array(period)
  }

  push(value: number): number {
    const { window, period } = this
    const leaving = window[this.at]
    window[this.at] = value
    this.sum += value - leaving
    this.sumOfRound += value
    this.at++
    if (this.at === period) {
      // Once a round the window is what was added since the last: the rounding of all the subtractions ends here.
      this.at = 0
      this.sum = this.sumOfRound
      this.sumOfRound = 0
    } else if (Number.isNaN(leaving)) {
      this.sum = 0
      for (let i = 0; i < period; i++) this.sum += window[i]
    }
    return this.sum / period
  }
}

/** Simple moving average: the mean of the last `period` (from 2) values. Defined from index period − 1; a missing value empties its windows. */
export function sma(values: Float64Array, period: number): Float64Array {
  const fold = new Sma(period)
  const out = new Float64Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = fold.push(values[i])
  return out
}
