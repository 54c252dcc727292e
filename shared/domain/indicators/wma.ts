import { checkedPeriod } from './period.ts'

/** Linearly weighted moving average, value by value; see `wma`. */
export class Wma {
  readonly lookback: number
  private readonly period: number
  private readonly weights: number
  /** By blocks as in `RollingSum`: plain and weighted sums of the last block from a place to its end, its first value weighing 1. */
  private readonly tailSum: Float64Array
  private readonly tailWeighted: Float64Array
  private filled = 0
  private headSum = 0
  private headWeighted = 0

  /** `period` from 2. */
  constructor(period: number) {
    this.period = checkedPeriod('WMA period', period, 2)
    this.lookback = period - 1
    this.weights = (period * (period + 1)) / 2
    this.tailSum = new Float64Array(period + 1).fill(Number.NaN)
    this.tailWeighted = new Float64Array(period + 1).fill(Number.NaN)
    this.tailSum[period] = 0
    this.tailWeighted[period] = 0
  }

  push(value: number): number {
    const { period, tailSum, tailWeighted } = this
    const count = this.filled + 1
    this.headSum += value
    this.headWeighted += count * value
    // What is in this block weighs more by as many values as the window holds of the last one.
    const weighted = tailWeighted[count] + this.headWeighted + (period - count) * this.headSum
    tailSum[this.filled] = value
    if (count < period) {
      this.filled = count
      return weighted / this.weights
    }
    for (let i = period - 1; i >= 0; i--) {
      tailSum[i] += tailSum[i + 1]
      tailWeighted[i] = tailWeighted[i + 1] + tailSum[i]
    }
    this.filled = 0
    this.headSum = 0
    this.headWeighted = 0
    return weighted / this.weights
  }
}

/**
 * Linearly weighted moving average: the last of `period` (from 2) values weighs `period`, the first 1. Defined from index
 * period − 1; a missing value empties its windows.
 */
export function wma(values: Float64Array, period: number): Float64Array {
  const fold = new Wma(period)
  const out = new Float64Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = fold.push(values[i])
  return out
}
