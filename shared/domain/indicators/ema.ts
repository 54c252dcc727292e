import { checkedPeriod } from './period.ts'

/** Exponential moving average, value by value; see `ema`. */
export class Ema {
  readonly lookback: number
  private readonly period: number
  private readonly weight: number
  private seen = 0
  private sum = 0
  private average = Number.NaN

  /** `period` from 2; from 1 as the signal line of MACD. */
  constructor(period: number, shortest: 1 | 2 = 2) {
    this.period = checkedPeriod('EMA period', period, shortest)
    this.lookback = period - 1
    this.weight = 2 / (period + 1)
  }

  push(value: number): number {
    if (this.seen === this.period) {
      this.average += (value - this.average) * this.weight
      return this.average
    }
    this.sum += value
    this.seen++
    if (this.seen === this.period) this.average = this.sum / this.period
    return this.average
  }
}

/**
 * Exponential moving average with weight 2 / (period + 1), as in TA-Lib seeded with the mean of the first `period` (from 2) values.
 * Defined from index period − 1; a missing value empties it from there on.
 */
export function ema(values: Float64Array, period: number): Float64Array {
  const fold = new Ema(period)
  const out = new Float64Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = fold.push(values[i])
  return out
}
