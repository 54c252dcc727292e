import { Delay } from './delay.ts'
import { checkedPeriod } from './period.ts'

/** Momentum, value by value; see `momentum`. */
export class Momentum {
  readonly lookback: number
  private readonly past: Delay

  /** `period` from 1. */
  constructor(period: number) {
    this.lookback = checkedPeriod('Momentum period', period, 1)
    this.past = new Delay(period)
  }

  push(value: number): number {
    return value - this.past.push(value)
  }
}

/** Momentum: the value less that of `period` (from 1) values ago, in its units. Defined from index `period`; undefined when either is missing. */
export function momentum(values: Float64Array, period: number): Float64Array {
  const fold = new Momentum(period)
  const out = new Float64Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = fold.push(values[i])
  return out
}
