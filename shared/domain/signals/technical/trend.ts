import { sma } from '../../indicators/sma.ts'
import { isAbove, type Reading } from './leaning.ts'

/**
 * The trend: bullish when the close is above its shorter simple average and that above the longer one, bearish when both are the other way
 * round, neutral in every other order and when nothing moves. Needs as many closes as the longer average.
 */
export function trend(closes: Float64Array, [short, long]: readonly [number, number]): Reading | undefined {
  if (closes.length < long) return undefined
  const close = closes[closes.length - 1]
  const shortAverage = lastOf(sma(closes.subarray(-short), short))
  const longAverage = lastOf(sma(closes.subarray(-long), long))
  const numbers = { close, shortAverage, longAverage }
  if (isAbove(close, shortAverage, close) && isAbove(shortAverage, longAverage, close)) {
    return { leaning: 'bullish', numbers }
  }
  if (isAbove(shortAverage, close, close) && isAbove(longAverage, shortAverage, close)) {
    return { leaning: 'bearish', numbers }
  }
  return { leaning: 'neutral', numbers }
}

function lastOf(column: Float64Array): number {
  return column[column.length - 1]
}
