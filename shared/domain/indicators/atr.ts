import { rowsOf } from './columns.ts'
import { checkedPeriod } from './period.ts'
import { TrueRange } from './true-range.ts'
import { WilderAverage } from './wilder.ts'

/** Average true range, bar by bar; see `atr`. */
export class Atr {
  readonly lookback: number
  private readonly range = new TrueRange()
  private readonly average: WilderAverage
  private started = false

  /** `period` from 1. */
  constructor(period: number) {
    this.lookback = checkedPeriod('ATR period', period, 1)
    this.average = new WilderAverage(period)
  }

  push(high: number, low: number, close: number): number {
    const range = this.range.push(high, low, close)
    if (this.started) return this.average.push(range)
    // The first bar has no true range, and that is not a missing one.
    this.started = true
    return Number.NaN
  }
}

/**
 * Average true range: Wilder's average of `period` (from 1) true ranges, in price units. Defined from index `period`; a bar that
 * lacks one of the three prices empties it from there on.
 */
export function atr(high: Float64Array, low: Float64Array, close: Float64Array, period: number): Float64Array {
  const fold = new Atr(period)
  const out = new Float64Array(rowsOf(high, low, close))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(high[i], low[i], close[i])
  return out
}
