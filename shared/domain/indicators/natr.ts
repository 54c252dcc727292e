import { Atr } from './atr.ts'
import { rowsOf } from './columns.ts'

/** Normalised average true range, bar by bar; see `natr`. */
export class Natr {
  readonly lookback: number
  private readonly average: Atr

  /** `period` from 1. */
  constructor(period: number) {
    this.average = new Atr(period)
    this.lookback = this.average.lookback
  }

  push(high: number, low: number, close: number): number {
    const average = this.average.push(high, low, close)
    if (close === 0) return Number.isNaN(average) ? Number.NaN : 0
    return (100 * average) / close
  }
}

/**
 * Average true range in percent of the close; 0 at a close of 0. Defined and emptied as `atr`. For a period of 1 TA-Lib gives the
 * true range in price units; here it is in percent like every other.
 */
export function natr(high: Float64Array, low: Float64Array, close: Float64Array, period: number): Float64Array {
  const fold = new Natr(period)
  const out = new Float64Array(rowsOf(high, low, close))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(high[i], low[i], close[i])
  return out
}
