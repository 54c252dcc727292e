import { decay, OVERNIGHT_VARIANCE, writeCandle } from './candle.ts'
import { type DailyPath, emptyColumns } from './daily-path.ts'
import { type Factors, SESSIONS_PER_YEAR } from './factors.ts'
import { randomStream } from './random.ts'

/** How a maturity's log yield hangs on the steepness of the curve, and its premium over the ten years. */
const MATURITIES: Readonly<Record<string, { readonly steepness: number; readonly premium: number }>> = {
  '^IRX': { steepness: -1, premium: 0 },
  '^FVX': { steepness: -0.35, premium: 0 },
  '^TNX': { steepness: 0, premium: 0 },
  '^TYX': { steepness: 0.15, premium: 0.06 },
}

const LEVEL = { mean: Math.log(2.9), keep: decay(500), deviation: 0.2 }
const STEEPNESS = { mean: 0.3, keep: decay(400), deviation: 0.22 }
/** Yields fall with the market: investors flee into bonds. */
const MARKET_CORRELATION = 0.3

/** The symbols `simulateRate` knows. */
export const RATE_SYMBOLS: readonly string[] = Object.keys(MATURITIES)

/**
 * A Treasury yield in percent. The logs of the ten-year level and of the curve's steepness revert to their means (a Black-Karasinski
 * short rate's law), so yields are never negative and the curve may invert. All maturities share one stream of chance.
 */
export function simulateRate(symbol: string, factors: Factors): DailyPath {
  const { steepness, premium } = MATURITIES[symbol]
  const curve = randomStream(factors.seed, 'rates')
  const random = randomStream(factors.seed, 'rate', symbol)
  const columns = emptyColumns(factors.at.length)
  const perSession = 1 / Math.sqrt(SESSIONS_PER_YEAR)

  let level = LEVEL.mean - 0.2
  let slope = STEEPNESS.mean
  const logYield = () => level + steepness * slope + premium
  let previous = logYield()
  for (let row = 0; row < factors.at.length; row++) {
    const market = (factors.overnight[row] + factors.intraday[row]) / (factors.volatility[row] * perSession)
    const shock = MARKET_CORRELATION * market + Math.sqrt(1 - MARKET_CORRELATION ** 2) * curve.normal()
    level = LEVEL.mean + LEVEL.keep * (level - LEVEL.mean) + LEVEL.deviation * perSession * shock
    slope =
      STEEPNESS.mean + STEEPNESS.keep * (slope - STEEPNESS.mean) + STEEPNESS.deviation * perSession * curve.normal()
    const now = logYield()
    const open = Math.exp(previous + OVERNIGHT_VARIANCE * (now - previous))
    const deviation = 0.6 * LEVEL.deviation * perSession
    writeCandle(columns, row, { open, close: Math.exp(now), deviation, decimals: 3 }, random)
    columns.marketCorrelation[row] = MARKET_CORRELATION
    previous = now
  }
  return { symbol, decimals: 3, at: factors.at, ...columns }
}
