/**
 * Highest high and lowest low of the last `length` bars, NaN until there are so many and while one of them is missing. By blocks
 * as in `RollingSum`, with the extreme of two instead of their sum.
 */
export class RollingRange {
  highest = Number.NaN
  lowest = Number.NaN
  private readonly length: number
  /** Up to `filled` this block's highs and lows, from there on the extremes of the last block from a place to its end. */
  private readonly highs: Float64Array
  private readonly lows: Float64Array
  private filled = 0
  private headHighest = Number.NEGATIVE_INFINITY
  private headLowest = Number.POSITIVE_INFINITY

  constructor(length: number) {
    this.length = length
    this.highs = new Float64Array(length + 1).fill(Number.NaN)
    this.lows = new Float64Array(length + 1).fill(Number.NaN)
    this.highs[length] = Number.NEGATIVE_INFINITY
    this.lows[length] = Number.POSITIVE_INFINITY
  }

  push(high: number, low: number): void {
    const { highs, lows, length, filled } = this
    this.headHighest = Math.max(this.headHighest, high)
    this.headLowest = Math.min(this.headLowest, low)
    this.highest = Math.max(this.headHighest, highs[filled + 1])
    this.lowest = Math.min(this.headLowest, lows[filled + 1])
    highs[filled] = high
    lows[filled] = low
    if (filled + 1 < length) {
      this.filled++
      return
    }
    for (let i = length - 2; i >= 0; i--) {
      highs[i] = Math.max(highs[i], highs[i + 1])
      lows[i] = Math.min(lows[i], lows[i + 1])
    }
    this.filled = 0
    this.headHighest = Number.NEGATIVE_INFINITY
    this.headLowest = Number.POSITIVE_INFINITY
  }
}
