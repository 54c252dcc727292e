import { rsi } from '../indicators/rsi.ts'
import type { Mandate } from '../mandate/mandate.ts'
import type { BarSeries } from '../market/bar.ts'
import type { CalendarName } from '../market/instrument.ts'
import { rowAtOrAfter } from '../market/row-at-or-after.ts'
import { DAY_MS, type Session, sessionToMs } from '../market/session.ts'
import type { TradingCalendar } from '../market/trading-calendar.ts'
import { annualVolatility } from '../performance/annual-volatility.ts'
import { sharpeRatio } from '../performance/sharpe-ratio.ts'
import type { RankedStock } from './ranked-stock.ts'
import { sessionReturns } from './session-returns.ts'

type Rules = Mandate['factors']

/** A close is carried over so many sessions without a bar, and no further. */
const CARRIED_SESSIONS = 5
/** Volatility and Sharpe ratio are not estimated from fewer returns, unless the look-back itself is shorter. */
const LEAST_RETURNS = 30
/** Wilder's averages forget how they began after some five periods (QUANT §2.1). */
const RSI_WARM_UP = 5

/** How many sessions before the one looked at the factors reach back. */
export function factorLookback({ lookbackSessions, momentumSessions, rsiPeriod }: Rules): number {
  return Math.max(lookbackSessions, ...momentumSessions, RSI_WARM_UP * rsiPeriod) + CARRIED_SESSIONS
}

/** Trading days of a year, to annualise by. */
export function sessionsPerYear(calendar: CalendarName): number {
  return calendar === 'XNYS' ? 252 : 365
}

/**
 * The numbers behind a stock's factors, from its ascending daily total-return bars up to a session; each NaN where it cannot be known.
 * Momentum over n sessions compares the last closes up to the session and up to n sessions before, each carried over at most five
 * sessions. Volatility and Sharpe ratio (risk-free rate 0) are of the daily returns of the look-back, from 30 returns on. The RSI
 * is Wilder's, from five periods of bars on; without any movement it is 50, its middle, where the indicator alone would be 0.
 */
export function factorMeasures(
  series: BarSeries,
  calendar: TradingCalendar,
  asOf: Session,
  rules: Rules,
): RankedStock['measures'] {
  const today = calendar.ordinal(sessionToMs(asOf))
  const closeUpTo = (ordinal: number) => {
    if (ordinal < 1) return Number.NaN
    const row = rowAtOrAfter(series.at, sessionToMs(calendar.sessionAt(ordinal)) + DAY_MS) - 1
    return row >= 0 && calendar.ordinal(series.at[row]) >= ordinal - CARRIED_SESSIONS ? series.close[row] : Number.NaN
  }
  const returns = sessionReturns(series, calendar, asOf, rules.lookbackSessions)
  const enough = returns.length >= Math.min(LEAST_RETURNS, rules.lookbackSessions)
  const year = sessionsPerYear(calendar.name)
  const end = rowAtOrAfter(series.at, sessionToMs(asOf) + DAY_MS)
  const first = calendar.sessionAt(Math.max(1, today - factorLookback(rules)))
  const closes = series.close.subarray(rowAtOrAfter(series.at, sessionToMs(first)), end)
  return {
    momentum: Object.fromEntries(
      rules.momentumSessions.map((sessions) => [sessions, closeUpTo(today) / closeUpTo(today - sessions) - 1]),
    ),
    volatility: (enough ? annualVolatility(returns, year) : undefined) ?? Number.NaN,
    rsi: lastRsi(closes, rules.rsiPeriod),
    sharpe: (enough ? sharpeRatio(returns, year) : undefined) ?? Number.NaN,
  }
}

function lastRsi(closes: Float64Array, period: number): number {
  if (closes.length <= RSI_WARM_UP * period) return Number.NaN
  return closes.some((close) => close !== closes[0]) ? rsi(closes, period)[closes.length - 1] : 50
}
