import { checkedPeriod } from './period.ts'
import { WilderAverage } from './wilder.ts'

/** Relative strength index, value by value; see `rsi`. */
export class Rsi {
  readonly lookback: number
  private readonly gains: WilderAverage
  private readonly losses: WilderAverage
  private previous = Number.NaN
  private started = false

  /** `period` from 2. */
  constructor(period: number) {
    this.lookback = checkedPeriod('RSI period', period, 2)
    this.gains = new WilderAverage(period)
    this.losses = new WilderAverage(period)
  }

  push(value: number): number {
    const change = value - this.previous
    this.previous = value
    if (!this.started) {
      this.started = true
      return Number.NaN
    }
    const gain = this.gains.push(Math.max(change, 0))
    const moved = gain + this.losses.push(Math.max(-change, 0))
    return moved === 0 ? 0 : (100 * gain) / moved
  }
}

/**
 * Relative strength index with Wilder's averages over `period` (from 2) changes: 100 · gain / (gain + loss), 0 to 100. Defined from
 * index `period`; a missing value empties it from there on. Without any movement it is 0 as in TA-Lib (which takes sums below
 * 1e-14 for none; here only 0 is): a signal should take that for neutral.
 */
export function rsi(values: Float64Array, period: number): Float64Array {
  const fold = new Rsi(period)
  const out = new Float64Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = fold.push(values[i])
  return out
}
