import { Delay } from './delay.ts'
import { checkedPeriod } from './period.ts'

/** Rate of change, value by value; see `rateOfChange`. */
export class RateOfChange {
  readonly lookback: number
  private readonly past: Delay

  /** `period` from 1. */
  constructor(period: number) {
    this.lookback = checkedPeriod('ROC period', period, 1)
    this.past = new Delay(period)
  }

  push(value: number): number {
    const before = this.past.push(value)
    if (before === 0) return Number.isNaN(value) ? Number.NaN : 0
    return (value / before - 1) * 100
  }
}

/**
 * Rate of change since `period` (from 1) values ago, in percent; 0 when that value was 0, as in TA-Lib. Defined from index
 * `period`; undefined when either value is missing.
 */
export function rateOfChange(values: Float64Array, period: number): Float64Array {
  const fold = new RateOfChange(period)
  const out = new Float64Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = fold.push(values[i])
  return out
}
