import { checkedFactor, checkedPeriod } from './period.ts'
import { RollingMoments } from './rolling-moments.ts'

/** Historical volatility, value by value; see `historicalVolatility`. */
export class HistoricalVolatility {
  readonly lookback: number
  private readonly moments: RollingMoments
  private readonly scale: number
  private previous = Number.NaN

  /** `period` from 2, `periodsPerYear` from 0. */
  constructor(period: number, periodsPerYear: number) {
    this.lookback = checkedPeriod('Historical volatility period', period, 2)
    this.moments = new RollingMoments(period)
    this.scale = Math.sqrt(checkedFactor('Periods per year', periodsPerYear) / (period - 1))
  }

  push(price: number): number {
    const known = price > 0 ? price : Number.NaN
    this.moments.push(Math.log(known / this.previous))
    this.previous = known
    return Math.sqrt(this.moments.squares) * this.scale
  }
}

/**
 * Annualised historical volatility, a fraction: sample deviation (ddof 1) of the last `period` (from 2) log returns ×
 * √`periodsPerYear` (252 for sessions, 365 for days of a market that never closes). Defined from index `period`; a price that is
 * missing or not above 0 empties the windows of its two returns.
 */
export function historicalVolatility(prices: Float64Array, period: number, periodsPerYear: number): Float64Array {
  const fold = new HistoricalVolatility(period, periodsPerYear)
  const out = new Float64Array(prices.length)
  for (let i = 0; i < out.length; i++) out[i] = fold.push(prices[i])
  return out
}
