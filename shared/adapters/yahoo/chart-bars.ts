import { type BarSeries, INTERVAL_MS, type Interval, takeBars } from '../../domain/market/bar.ts'
import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import type { Instrument } from '../../domain/market/instrument.ts'
import { DAY_MS, msToSession, type Session, sessionToMs } from '../../domain/market/session.ts'
import { tradingCalendar } from '../../domain/market/trading-calendar.ts'
import { undoSplits } from '../../domain/market/undo-splits.ts'
import type { YahooChart } from './chart-reply.ts'
import { exchangeDate } from './exchange-date.ts'
import { withoutNoise } from './single-precision.ts'

const HALF_HOUR_MS = 1_800_000

/** Daily bars, and the session left out because it was still on. */
export interface DailyBars {
  readonly series: BarSeries
  readonly openSession?: Session
}

/**
 * A daily chart's bars in [from, to], raw: every split of the list is undone. A bar is dated by its exchange's clock, a coin's by UTC. Of
 * several rows of one date (Yahoo adds one for the last trade) the last with a price counts. A session that was still open when the
 * chart was fetched is left out: it has no close yet.
 */
export function dailyBars(
  chart: YahooChart,
  instrument: Instrument,
  splits: readonly CorporateAction[],
  from: Session,
  to: Session,
): DailyBars {
  const utcDays = instrument.calendar === '24/7'
  const dateOf = (at: number) => (utcDays ? msToSession(at) : exchangeDate(at, chart.exchangeZone))
  const rowOfDate = new Map<Session, number>()
  chart.at.forEach((at, row) => {
    const date = dateOf(at)
    const known = rowOfDate.get(date)
    if (date < from || date > to || (known !== undefined && isEmpty(chart, row))) return
    rowOfDate.set(date, row)
  })
  const isOver = sessionsOver(chart, utcDays)
  const open = [...rowOfDate.keys()].filter((date) => !isOver(date))
  for (const date of open) rowOfDate.delete(date)

  const dates = [...rowOfDate.keys()].sort()
  const rows = dates.map((date) => rowOfDate.get(date)!)
  const picked = takeBars(seriesOf(chart, instrument.symbol), rows)
  const series = { ...picked, at: Float64Array.from(dates, sessionToMs) }
  return { series: restated(series, instrument, splits), ...(open.length > 0 ? { openSession: open[0] } : {}) }
}

/**
 * An intraday chart's bars starting in [fromMs, toMs), raw. Left out are rows without any price (nothing traded), the row Yahoo adds for
 * the last trade (it starts at no bar's time), and the bar that was still running when the chart was fetched.
 */
export function intradayBars(
  chart: YahooChart,
  instrument: Instrument,
  interval: Exclude<Interval, '1d'>,
  splits: readonly CorporateAction[],
  fromMs: number,
  toMs: number,
): BarSeries {
  const utcDays = instrument.calendar === '24/7'
  const length = INTERVAL_MS[interval]
  const last = chart.lastTradeAt
  const isOver = utcDays ? () => false : sessionsOver(chart, utcDays)
  const rows: number[] = []
  chart.at.forEach((at, row) => {
    if (at < fromMs || at >= toMs || isEmpty(chart, row)) return
    if (at % Math.min(length, HALF_HOUR_MS) !== 0) return
    const running = last !== undefined && at + length > last
    if (running && !isOver(exchangeDate(at, chart.exchangeZone))) return
    rows.push(row)
  })
  rows.sort((a, b) => chart.at[a] - chart.at[b])
  return restated(takeBars(seriesOf(chart, instrument.symbol), rows), instrument, splits)
}

function seriesOf({ at, open, high, low, close, volume }: YahooChart, symbol: string): BarSeries {
  return { symbol, basis: 'split-adjusted', at, open, high, low, close, volume }
}

/** Coins have no splits, and prices far below what a stock's decimals could hold. */
function restated(series: BarSeries, { asset }: Instrument, splits: readonly CorporateAction[]): BarSeries {
  if (asset === 'crypto') return { ...series, basis: 'raw' }
  const latest = splits.at(-1)?.exDate ?? msToSession(0)
  const { open, high, low, close, volume, ...rest } = undoSplits(series, splits, latest)
  const [o, h, l, c] = [open, high, low, close].map((column) => column.map(withoutNoise))
  return { ...rest, open: o, high: h, low: l, close: c, volume: volume.map(Math.round) }
}

function isEmpty({ open, high, low, close }: YahooChart, row: number): boolean {
  return [open, high, low, close].every((column) => Number.isNaN(column[row]))
}

/**
 * Tells whether a session was over when the chart was fetched, judged by the chart alone, so that a recorded one says the same later: its
 * trading period belongs to a later day, or the last trade was on a later day or not before the close.
 */
function sessionsOver(chart: YahooChart, utcDays: boolean): (date: Session) => boolean {
  const { tradingPeriod, exchangeZone } = chart
  const lastTradeAt = chart.lastTradeAt ?? chart.at.at(-1) ?? 0
  if (utcDays) return (date) => lastTradeAt >= sessionToMs(date) + DAY_MS
  const lastTradeDate = exchangeDate(lastTradeAt, exchangeZone)
  const periodDate = tradingPeriod && exchangeDate(tradingPeriod.start, exchangeZone)
  return (date) => {
    if (date < lastTradeDate || (periodDate !== undefined && date < periodDate)) return true
    const close = tradingPeriod && periodDate === date ? tradingPeriod.end : usualClose(date)
    return close !== undefined && lastTradeAt >= close
  }
}

function usualClose(date: Session): number | undefined {
  const calendar = tradingCalendar('XNYS')
  const known = date >= calendar.first && date <= calendar.last
  return known && calendar.isSession(date) ? calendar.closeAt(date) : undefined
}
