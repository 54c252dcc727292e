import { rowAtOrAfter } from '../market/row-at-or-after.ts'
import { clamp, decay, limitMoves, tailScale, writeCandle } from './candle.ts'
import { type DailyPath, emptyColumns } from './daily-path.ts'
import type { Factors } from './factors.ts'
import { randomStream } from './random.ts'

const DAYS_PER_YEAR = 365

interface Coin {
  readonly price: number
  /** A year's volatility that all coins share, and its own. */
  readonly sharedVolatility: number
  readonly ownVolatility: number
  /** Coins traded on a usual day. */
  readonly coins: number
}

const COINS: Readonly<Record<string, Coin>> = {
  'BTC-USD': { price: 2_800, sharedVolatility: 0.46, ownVolatility: 0.12, coins: 28_000 },
  'ETH-USD': { price: 140, sharedVolatility: 0.48, ownVolatility: 0.34, coins: 420_000 },
}

/** The symbols `simulateCrypto` knows. */
export const CRYPTO_SYMBOLS: readonly string[] = Object.keys(COINS)

/** Long-run growth a year of the trend that prices return to, half-way in two years. */
const TREND = 0.2
const TREND_PULL = 1 - decay(730)
/** What a coin takes over of the stock market's move on its sessions. */
const MARKET_BETA = 0.4

/**
 * A coin's history: every UTC day, no gap between days, volatility that clusters on its own, one shared factor and a little of the
 * stock market's. Prices return slowly to an exponential trend, so that no seed ends at zero or at the moon.
 */
export function simulateCrypto(symbol: string, at: Float64Array, factors: Factors): DailyPath {
  const coin = COINS[symbol]
  const shared = randomStream(factors.seed, 'crypto')
  const random = randomStream(factors.seed, 'crypto', symbol)
  const columns = emptyColumns(at.length)

  let logPrice = Math.log(coin.price)
  let trend = logPrice
  let mood = 0
  let busy = 0
  let session = rowAtOrAfter(factors.at, at[0])
  for (let row = 0; row < at.length; row++) {
    mood = 0.97 * mood + 0.1 * shared.normal()
    const turbulence = Math.exp(clamp(mood, -0.9, 0.9))
    const common = turbulence * tailScale(shared) * shared.normal()
    const usual = turbulence / Math.sqrt(DAYS_PER_YEAR)
    const own = usual * coin.ownVolatility * tailScale(random) * random.normal()
    const isSession = factors.at[session] === at[row]
    const market = isSession ? MARKET_BETA * (factors.overnight[session] + factors.intraday[session]) : 0
    if (isSession) session++

    trend += TREND / DAYS_PER_YEAR
    const way = (coin.sharedVolatility * common) / Math.sqrt(DAYS_PER_YEAR) + own + market
    const { intraday } = limitMoves(
      { overnight: 0, intraday: TREND / DAYS_PER_YEAR + TREND_PULL * (trend - logPrice) + way },
      -0.25,
      0.22,
    )
    const open = Math.exp(logPrice)
    logPrice += intraday
    const deviation = usual * Math.hypot(coin.sharedVolatility, coin.ownVolatility)
    writeCandle(columns, row, { open, close: Math.exp(logPrice), deviation, decimals: 2 }, random)

    busy = 0.9 * busy + 0.15 * random.normal()
    const surprise = Math.abs(intraday) / deviation
    columns.volume[row] = Math.round(coin.coins * Math.exp(busy) * (0.7 + 0.35 * clamp(surprise, 0, 6)))
  }
  return { symbol, decimals: 2, at, ...columns }
}
