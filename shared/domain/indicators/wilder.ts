/**
 * Wilder's smoothed average: the mean of the first n values, then (n − 1)/n of itself and 1/n of the new value. NaN before the
 * n-th value, and for ever after a missing one.
 * @see Wilder (1978), "New Concepts in Technical Trading Systems".
 */
export class WilderAverage {
  /** The last average. */
  value = Number.NaN
  private readonly period: number
  private seen = 0
  private sum = 0

  constructor(period: number) {
    this.period = period
  }

  push(value: number): number {
    const { period } = this
    if (this.seen === period) {
      this.value = (this.value * (period - 1) + value) / period
      return this.value
    }
    this.sum += value
    this.seen++
    if (this.seen === period) this.value = this.sum / period
    return this.value
  }
}

/**
 * Wilder's smoothed sum as TA-Lib seeds it: the plain sum of the first n − 1 values, from the n-th on S − S/n + value. NaN before
 * the n-th value, and for ever after a missing one.
 */
export class WilderSum {
  private readonly period: number
  private seen = 0
  private sum = 0

  constructor(period: number) {
    this.period = period
  }

  push(value: number): number {
    if (this.seen === this.period - 1) {
      this.sum = this.sum - this.sum / this.period + value
      return this.sum
    }
    this.sum += value
    this.seen++
    return Number.NaN
  }
}
