import type { BarSeries } from '../../../../shared/domain/market/bar.ts'
import { type Session, session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'

/** A daily bar of a test; what is left out is a plain bar around the close. */
export interface MadeBar {
  readonly date: string
  readonly close: number
  readonly open?: number
  readonly high?: number
  readonly low?: number
  readonly volume?: number
}

/** The sessions of the New York Stock Exchange in a range of dates. */
export function nyseSessions(from: string, to: string): Session[] {
  return tradingCalendar('XNYS').sessions(session(from), session(to))
}

/** A close near 100 that never repeats and never moves by more than a percent. */
export function calmClose(i: number): number {
  return 100 + 0.5 * Math.sin(i)
}

/** Calm bars on these dates. */
export function calmBars(dates: readonly string[]): MadeBar[] {
  return dates.map((date, i) => ({ date, close: calmClose(i) }))
}

/** The bars with some replaced, by date. */
export function withBars(bars: readonly MadeBar[], changed: Readonly<Record<string, Partial<MadeBar>>>): MadeBar[] {
  return bars.map((bar) => ({ ...bar, ...changed[bar.date] }))
}

/** Daily bars as a provider delivers them, in the order given. */
export function madeSeries(symbol: string, bars: readonly MadeBar[]): BarSeries {
  const column = (value: (bar: MadeBar) => number) => Float64Array.from(bars, value)
  return {
    symbol,
    basis: 'raw',
    at: column(({ date }) => sessionToMs(session(date))),
    open: column(({ open, close }) => open ?? close),
    high: column(({ high, open, close }) => high ?? Math.max(open ?? close, close) * 1.01),
    low: column(({ low, open, close }) => low ?? Math.min(open ?? close, close) * 0.99),
    close: column(({ close }) => close),
    volume: column(({ volume }) => volume ?? 1000),
  }
}
