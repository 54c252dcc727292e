/**
 * Mean and sum of squared deviations of the last `length` values, NaN until there are so many. By blocks as in `RollingSum`, with
 * Welford's update within a block and Chan's merge of two, all of it on distances from the last value of the block before. So
 * nothing cancels: the squares are never negative, exactly 0 for a flat window, and right for tiny deviations around a large mean.
 * @see Chan, Golub, LeVeque (1979), "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances".
 */
export class RollingMoments {
  mean = Number.NaN
  squares = Number.NaN
  private readonly length: number
  private readonly values: Float64Array
  /** Of the last block from a place to its end. */
  private readonly tailMean: Float64Array
  private readonly tailSquares: Float64Array
  /** 1 / k by k, k / length by k and k · (length − k) / length by k: no division in the loop. */
  private readonly inverse: Float64Array
  private readonly share: Float64Array
  private readonly spread: Float64Array
  private filled = 0
  /** Means are distances from here. */
  private anchor = 0
  private headMean = 0
  private headSquares = 0

  constructor(length: number) {
    const places = length + 1
    this.length = length
    this.values = new Float64Array(length)
    this.tailMean = new Float64Array(places).fill(Number.NaN)
    this.tailSquares = new Float64Array(places).fill(Number.NaN)
    this.tailMean[length] = 0
    this.tailSquares[length] = 0
    this.inverse = Float64Array.from({ length: places }, (_, k) => 1 / k)
    this.share = Float64Array.from({ length: places }, (_, k) => k / length)
    this.spread = Float64Array.from({ length: places }, (_, k) => (k * (length - k)) / length)
  }

  push(value: number): void {
    const place = this.filled
    const count = place + 1
    const distance = value - this.anchor
    const step = distance - this.headMean
    const mean = this.headMean + step * this.inverse[count]
    const squares = this.headSquares + step * (distance - mean)
    const between = mean - this.tailMean[count]
    this.mean = this.anchor + (this.tailMean[count] + between * this.share[count])
    this.squares = this.tailSquares[count] + squares + between * between * this.spread[count]
    this.values[place] = value
    if (count < this.length) {
      this.filled = count
      this.headMean = mean
      this.headSquares = squares
    } else {
      this.closeBlock()
    }
  }

  private closeBlock(): void {
    const { length, values, inverse, tailMean, tailSquares } = this
    // A missing value must not be felt longer than it is in the window.
    const anchor = Number.isNaN(values[length - 1]) ? 0 : values[length - 1]
    let mean = 0
    let squares = 0
    for (let i = length - 1; i >= 0; i--) {
      const distance = values[i] - anchor
      const step = distance - mean
      mean += step * inverse[length - i]
      squares += step * (distance - mean)
      tailMean[i] = mean
      tailSquares[i] = squares
    }
    this.anchor = anchor
    this.filled = 0
    this.headMean = 0
    this.headSquares = 0
  }
}
