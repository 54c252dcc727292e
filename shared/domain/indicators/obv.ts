import { rowsOf } from './columns.ts'

/** On-balance volume, bar by bar; see `obv`. */
export class Obv {
  readonly lookback = 0
  private total = 0
  // The first bar counts as a rise, as in TA-Lib: the line starts at its volume.
  private previousClose = Number.NEGATIVE_INFINITY

  push(close: number, volume: number): number {
    this.total += Math.sign(close - this.previousClose) * volume
    this.previousClose = close
    return this.total
  }
}

/**
 * On-balance volume: the running sum of volume, added when the close rose, subtracted when it fell, starting with the first
 * volume. Defined from index 0; a missing close or volume empties it from there on.
 */
export function obv(close: Float64Array, volume: Float64Array): Float64Array {
  const fold = new Obv()
  const out = new Float64Array(rowsOf(close, volume))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(close[i], volume[i])
  return out
}
