import { BENCHMARK, VOLATILITY_INDEX } from '../universe/default-instruments.ts'
import { INTRADAY_VARIANCE, writeCandle } from './candle.ts'
import { type DailyPath, emptyColumns } from './daily-path.ts'
import { type Factors, SESSIONS_PER_YEAR } from './factors.ts'
import { randomStream } from './random.ts'

const BENCHMARK_START = 2060
/** The index answers the market's moves within the session in the opposite direction. */
const VIX_CORRELATION = -0.85

/** The benchmark index: the market factor itself. An index has no volume. */
export function simulateBenchmark(factors: Factors): DailyPath {
  const random = randomStream(factors.seed, 'index', BENCHMARK.symbol)
  const columns = emptyColumns(factors.at.length)
  let logPrice = Math.log(BENCHMARK_START)
  for (let row = 0; row < factors.at.length; row++) {
    const open = Math.exp(logPrice + factors.overnight[row])
    logPrice += factors.overnight[row] + factors.intraday[row]
    const deviation = Math.sqrt(INTRADAY_VARIANCE / SESSIONS_PER_YEAR) * factors.volatility[row]
    writeCandle(columns, row, { open, close: Math.exp(logPrice), deviation, decimals: 2 }, random)
    columns.marketCorrelation[row] = 1
  }
  return { symbol: BENCHMARK.symbol, decimals: 2, at: factors.at, ...columns }
}

/** The volatility index: closes are the factor's, opens lie on the way from the close before. */
export function simulateVolatilityIndex(factors: Factors): DailyPath {
  const random = randomStream(factors.seed, 'index', VOLATILITY_INDEX.symbol)
  const columns = emptyColumns(factors.at.length)
  let previous = factors.vix[0]
  for (let row = 0; row < factors.at.length; row++) {
    const close = factors.vix[row]
    const open = previous * (close / previous) ** (0.2 + 0.4 * random.uniform())
    writeCandle(columns, row, { open, close, deviation: 0.035 * factors.turbulence[row], decimals: 2 }, random)
    columns.marketCorrelation[row] = VIX_CORRELATION
    previous = close
  }
  return { symbol: VOLATILITY_INDEX.symbol, decimals: 2, at: factors.at, ...columns }
}
