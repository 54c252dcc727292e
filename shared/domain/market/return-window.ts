/** How many past returns a new one is compared with, and how many there must be at least. */
export const ZSCORE_WINDOW = 60
export const ZSCORE_MINIMUM = 20
/** The deviation of returns that never move: rounding noise stays quiet, a real move after a flat stretch does not. */
const LEAST_DEVIATION = 1e-12

/**
 * The last returns of one symbol, to say how far off a new one is: z = (r − mean) / sample deviation of the up to 60
 * before it, never of itself or the future. Bounded memory, a few nanoseconds a return.
 */
export class ReturnWindow {
  private readonly returns = new Float64Array(ZSCORE_WINDOW)
  private count = 0
  private next = 0
  private sum = 0
  private squares = 0

  push(value: number): void {
    if (this.count === ZSCORE_WINDOW) {
      const oldest = this.returns[this.next]
      this.sum -= oldest
      this.squares -= oldest * oldest
    } else {
      this.count++
    }
    this.returns[this.next] = value
    this.sum += value
    this.squares += value * value
    this.next = (this.next + 1) % ZSCORE_WINDOW
    if (this.next === 0) this.resum()
  }

  get size(): number {
    return this.count
  }

  /**
   * The z-score of a new return when its size is beyond the limit, else (and before there are 20 returns) undefined.
   * Running sums settle the usual case; what comes near the limit is computed afresh, so that the answer does not
   * depend on what passed long ago.
   */
  beyond(value: number, limit: number): number | undefined {
    const n = this.count
    if (n < ZSCORE_MINIMUM) return undefined
    const roughMean = this.sum / n
    const roughVariance = (this.squares - n * roughMean * roughMean) / (n - 1)
    const distance = value - roughMean
    if (roughVariance > 1e-12 && distance * distance < 0.9 * limit * limit * roughVariance) return undefined

    let sum = 0
    for (let i = 0; i < n; i++) sum += this.returns[i]
    const mean = sum / n
    let squares = 0
    for (let i = 0; i < n; i++) squares += (this.returns[i] - mean) ** 2
    const z = (value - mean) / Math.max(Math.sqrt(squares / (n - 1)), LEAST_DEVIATION)
    return Math.abs(z) > limit ? z : undefined
  }

  /** Drops the rounding that adding and taking away leaves behind. */
  private resum(): void {
    this.sum = 0
    this.squares = 0
    for (let i = 0; i < this.count; i++) {
      this.sum += this.returns[i]
      this.squares += this.returns[i] * this.returns[i]
    }
  }
}
