import { bollingerBands } from '../../indicators/bollinger-bands.ts'
import { isAbove, type Reading } from './leaning.ts'

/**
 * The close's place in its Bollinger bands: below the lower one it is oversold, which is bullish, above the upper one overbought, which is
 * bearish; neutral between them and when nothing moves. Needs as many closes as the period.
 */
export function bollingerPlace(
  closes: Float64Array,
  { period, deviations }: { readonly period: number; readonly deviations: number },
): Reading | undefined {
  if (closes.length < period) return undefined
  const bands = bollingerBands(closes.subarray(-period), period, deviations)
  const close = closes[closes.length - 1]
  const numbers = { lower: bands.lower[period - 1], upper: bands.upper[period - 1] }
  if (isAbove(numbers.lower, close, close)) return { leaning: 'bullish', numbers }
  return { leaning: isAbove(close, numbers.upper, close) ? 'bearish' : 'neutral', numbers }
}
