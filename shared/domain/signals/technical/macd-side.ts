import { macd } from '../../indicators/macd.ts'
import { isAbove, type Reading } from './leaning.ts'

/** Exponential averages forget how they began after some five periods (QUANT §2.1). */
const WARM_UP = 5

type Periods = readonly [fast: number, slow: number, signal: number]

/** Closes that the MACD needs before it is believed: its look-back, and five times its longest period. */
export function macdBars([fast, slow, signal]: Periods): number {
  return Math.max(Math.max(fast, slow) + signal - 1, WARM_UP * Math.max(fast, slow, signal))
}

/** The side of MACD: bullish when its line is above its signal, bearish when below, neutral when nothing moves. Needs `macdBars` closes. */
export function macdSide(closes: Float64Array, periods: Periods): Reading | undefined {
  if (closes.length < macdBars(periods)) return undefined
  const [fast, slow, signalPeriod] = periods
  const columns = macd(closes, { fast, slow, signal: signalPeriod })
  const last = closes.length - 1
  const [line, signal] = [columns.line[last], columns.signal[last]]
  const numbers = { line, signal }
  if (isAbove(line, signal, closes[last])) return { leaning: 'bullish', numbers }
  return { leaning: isAbove(signal, line, closes[last]) ? 'bearish' : 'neutral', numbers }
}
