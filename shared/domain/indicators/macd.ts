import { Ema } from './ema.ts'
import { checkedPeriod } from './period.ts'

/** Periods of MACD: fast and slow from 2, signal from 1. Fast and slow in the wrong order are swapped. */
export interface MacdPeriods {
  readonly fast: number
  readonly slow: number
  readonly signal: number
}

/** Moving average convergence/divergence, value by value; after a push the three fields hold its values. See `macd`. */
export class Macd {
  readonly lookback: number
  line = Number.NaN
  signal = Number.NaN
  histogram = Number.NaN
  private readonly fastAverage: Ema
  private readonly slowAverage: Ema
  private readonly signalAverage: Ema
  /** How many values the fast average lets pass, so that both averages are seeded at the same value. */
  private readonly head: number
  private readonly beforeLine: number
  private seen = 0

  constructor({ fast, slow, signal }: MacdPeriods) {
    checkedPeriod('MACD fast period', fast, 2)
    checkedPeriod('MACD slow period', slow, 2)
    checkedPeriod('MACD signal period', signal, 1)
    const [shorter, longer] = fast < slow ? [fast, slow] : [slow, fast]
    this.fastAverage = new Ema(shorter)
    this.slowAverage = new Ema(longer)
    this.signalAverage = new Ema(signal, 1)
    this.head = longer - shorter
    this.beforeLine = longer - 1
    this.lookback = longer + signal - 2
  }

  push(value: number): void {
    const slow = this.slowAverage.push(value)
    if (this.seen < this.beforeLine) {
      if (this.seen >= this.head) this.fastAverage.push(value)
      this.seen++
      return
    }
    const line = this.fastAverage.push(value) - slow
    this.signal = this.signalAverage.push(line)
    this.histogram = line - this.signal
    if (this.seen < this.lookback) this.seen++
    else this.line = line
  }
}

/**
 * Moving average convergence/divergence: `line` = fast EMA − slow EMA, `signal` = EMA of the line, `histogram` = line − signal, in
 * price units. As in TA-Lib the fast EMA is seeded with the values ending where the slow one's seed ends, and all three are defined
 * from index slow + signal − 2. A missing value empties them from there on.
 */
export function macd(
  values: Float64Array,
  periods: MacdPeriods,
): { line: Float64Array; signal: Float64Array; histogram: Float64Array } {
  const fold = new Macd(periods)
  const line = new Float64Array(values.length)
  const signal = new Float64Array(values.length)
  const histogram = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    fold.push(values[i])
    line[i] = fold.line
    signal[i] = fold.signal
    histogram[i] = fold.histogram
  }
  return { line, signal, histogram }
}
