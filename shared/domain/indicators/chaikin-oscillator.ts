import { AccumulationDistribution } from './accumulation-distribution.ts'
import { rowsOf } from './columns.ts'
import { checkedPeriod } from './period.ts'

/** Periods of the Chaikin oscillator, each from 2. */
export interface ChaikinPeriods {
  readonly fast: number
  readonly slow: number
}

/** Chaikin accumulation/distribution oscillator, bar by bar; see `chaikinOscillator`. */
export class ChaikinOscillator {
  readonly lookback: number
  private readonly line = new AccumulationDistribution()
  private readonly fastWeight: number
  private readonly slowWeight: number
  private fastAverage = Number.NaN
  private slowAverage = Number.NaN
  private seen = 0

  constructor({ fast, slow }: ChaikinPeriods) {
    checkedPeriod('ADOSC fast period', fast, 2)
    checkedPeriod('ADOSC slow period', slow, 2)
    this.fastWeight = 2 / (fast + 1)
    this.slowWeight = 2 / (slow + 1)
    this.lookback = Math.max(fast, slow) - 1
  }

  push(high: number, low: number, close: number, volume: number): number {
    const value = this.line.push(high, low, close, volume)
    // Unlike an EMA of prices both averages start from the first value alone, as in TA-Lib.
    if (this.seen === 0) {
      this.fastAverage = value
      this.slowAverage = value
    } else {
      this.fastAverage += (value - this.fastAverage) * this.fastWeight
      this.slowAverage += (value - this.slowAverage) * this.slowWeight
    }
    if (this.seen === this.lookback) return this.fastAverage - this.slowAverage
    this.seen++
    return Number.NaN
  }
}

/**
 * Chaikin oscillator (TA-Lib's ADOSC): fast less slow exponential average of the accumulation/distribution line, in volume units.
 * Defined from index max(fast, slow) − 1; a missing price or volume empties it from there on.
 */
export function chaikinOscillator(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  volume: Float64Array,
  periods: ChaikinPeriods,
): Float64Array {
  const fold = new ChaikinOscillator(periods)
  const out = new Float64Array(rowsOf(high, low, close, volume))
  for (let i = 0; i < out.length; i++) out[i] = fold.push(high[i], low[i], close[i], volume[i])
  return out
}
