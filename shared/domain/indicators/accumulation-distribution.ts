import { rowsOf } from './columns.ts'

/** Accumulation/distribution line, bar by bar; see `accumulationDistribution`. */
export class AccumulationDistribution {
  readonly lookback = 0
  private total = 0

  push(high: number, low: number, close: number, volume: number): number {
    const range = high - low
    if (Number.isNaN(range + close + volume)) this.total = Number.NaN
    else if (range > 0) this.total += ((close - low - (high - close)) / range) * volume
    return this.total
  }
}

/**
 * Accumulation/distribution line: the running sum of volume weighted with where the close lies between low (−1) and high (+1); a
 * bar without a range adds nothing. Defined from index 0; a missing price or volume empties it from there on.
 */
export function accumulationDistribution(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  volume: Float64Array,
): Float64Array {
  const fold = new AccumulationDistribution()
  const out = new Float64Array(rowsOf(high, low, close, volume))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(high[i], low[i], close[i], volume[i])
  return out
}
