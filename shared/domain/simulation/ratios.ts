import { rowAtOrAfter } from '../market/row-at-or-after.ts'
import { DAY_MS, type Session, sessionToMs } from '../market/session.ts'
import { CHARACTERS } from './characters.ts'
import type { EquityPath } from './daily-path.ts'
import { randomStream } from './random.ts'

/** Ratios of a company at a session's close. Fractions are fractions. A loss leaves the earnings multiples undefined. */
export interface SimulatedRatios {
  readonly trailingPe: number | undefined
  readonly forwardPe: number | undefined
  readonly priceToBook: number
  readonly dividendYield: number
  readonly returnOnEquity: number
  readonly debtToEquity: number
  readonly currentRatio: number
  readonly profitMargin: number
  readonly revenueGrowth: number
  readonly marketCap: number
  readonly sharesOutstanding: number
}

/** What a company reported last; it stands until the next report. */
interface Report {
  readonly earningsPerShare: number
  readonly bookPerShare: number
  readonly returnOnEquity: number
  readonly profitMargin: number
  readonly revenueGrowth: number
  readonly debtToEquity: number
  readonly currentRatio: number
}

const DAYS_PER_YEAR = 365

/**
 * The ratios as a reader of the session's close knows them: per-share numbers of the last report, restated for splits since, against
 * that close; dividends of the last 365 days; shares times close. Undefined before the first session.
 */
export function ratiosAt(seed: number, path: EquityPath, asOf: Session): SimulatedRatios | undefined {
  const time = sessionToMs(asOf)
  const row = rowAtOrAfter(path.at, time + 1) - 1
  if (row < 0) return undefined
  const quarter = path.reports.findLastIndex((reported) => reported <= row)
  const report = reportOf(seed, path, quarter)
  const splits = path.shares[row] / path.shares[path.reports[quarter]]
  const close = path.close[row]
  const earnings = report.earningsPerShare / splits
  const expected = earnings * (1 + 0.6 * report.revenueGrowth + 0.02)
  return {
    trailingPe: earnings > 0 ? close / earnings : undefined,
    forwardPe: earnings > 0 ? close / expected : undefined,
    priceToBook: (close * splits) / report.bookPerShare,
    dividendYield: trailingDividends(path, row) / close,
    returnOnEquity: report.returnOnEquity,
    debtToEquity: report.debtToEquity,
    currentRatio: report.currentRatio,
    profitMargin: report.profitMargin,
    revenueGrowth: report.revenueGrowth,
    marketCap: close * path.shares[row],
    sharesOutstanding: path.shares[row],
  }
}

/**
 * A quarter's report: the hidden quality of the day, seen through noise, lifts margin and growth. Earnings are the slow price over the
 * usual multiple times how the margin compares with the usual one; so the multiple is high when the price has run away from its year.
 */
function reportOf(seed: number, path: EquityPath, quarter: number): Report {
  const { ratios } = CHARACTERS.get(path.symbol)!
  const row = path.reports[quarter]
  const random = randomStream(seed, 'report', path.symbol, quarter)
  const seen = () => 0.7 * path.quality[row] + 0.7 * random.normal()
  const profitMargin = ratios.profitMargin + 0.035 * seen()
  const revenueGrowth = ratios.revenueGrowth + 0.04 * seen()
  const slowPrice = Math.exp(path.anchor[row])
  const earningsPerShare = (slowPrice / ratios.priceToEarnings) * (profitMargin / ratios.profitMargin)
  const bookPerShare = slowPrice / ratios.priceToBook
  return {
    earningsPerShare,
    bookPerShare,
    returnOnEquity: earningsPerShare / bookPerShare,
    profitMargin,
    revenueGrowth,
    debtToEquity: ratios.debtToEquity * Math.exp(-0.12 * seen()),
    currentRatio: ratios.currentRatio * Math.exp(0.08 * random.normal()),
  }
}

/** Cash of the last 365 days per share of today. */
function trailingDividends(path: EquityPath, row: number): number {
  const after = path.at[row] - DAYS_PER_YEAR * DAY_MS
  let cash = 0
  for (const { type, exDate, value } of path.actions) {
    const at = sessionToMs(exDate)
    if (at > path.at[row]) break
    if (at <= after) continue
    // Actions ascend: a later split thins out what was paid before it.
    cash = type === 'split' ? cash / value : cash + value
  }
  return cash
}
