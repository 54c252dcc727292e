/** What was pushed `length` pushes ago; NaN before there was such a push. */
export class Delay {
  private readonly ring: Float64Array
  private at = 0

  constructor(length: number) {
    this.ring = new Float64Array(length).fill(Number.NaN)
  }

  push(value: number): number {
    const before = this.ring[this.at]
    this.ring[this.at] = value
    this.at = this.at + 1 === this.ring.length ? 0 : this.at + 1
    return before
  }
}
