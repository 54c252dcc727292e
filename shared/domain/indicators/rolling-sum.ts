/**
 * Sum of the last `length` values, NaN until there are so many. Nothing is ever subtracted: the values fall into blocks of
 * `length`, and a window is the end of one block and the beginning of the next, both summed up beforehand. So a sum of equal
 * values does not drift, a sum of zeros is 0, and a missing value (NaN) is felt only while it is in the window.
 * The method is that of sliding-window aggregation, here for a window of constant length.
 * @see Tangwongsan, Hirzel, Schneider (2015), "General Incremental Sliding-Window Aggregation", PVLDB 8(7).
 */
export class RollingSum {
  /** Up to `filled` this block's values, from there on the sums of the last block from a place to its end; then a 0. */
  private readonly block: Float64Array
  private readonly length: number
  private filled = 0
  private head = 0

  constructor(length: number) {
    this.length = length
    this.block = new Float64Array(length + 1).fill(Number.NaN)
    this.block[length] = 0
  }

  push(value: number): number {
    const { block, length } = this
    const head = this.head + value
    const sum = block[this.filled + 1] + head
    block[this.filled] = value
    if (this.filled + 1 < length) {
      this.head = head
      this.filled++
    } else {
      let tail = 0
      for (let i = length - 1; i >= 0; i--) {
        tail += block[i]
        block[i] = tail
      }
      this.head = 0
      this.filled = 0
    }
    return sum
  }
}
