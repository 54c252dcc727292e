import type { BarSeries, PriceBasis } from '../../../../shared/domain/market/bar.ts'
import { addDays, type Session, session, sessionToMs } from '../../../../shared/domain/market/session.ts'

/** A row of a test series; what is left out is a plain bar around the close. */
export interface Row {
  readonly date: string
  readonly open?: number
  readonly high?: number
  readonly low?: number
  readonly close: number
  readonly volume?: number
  readonly bid?: number
  readonly ask?: number
}

/** Bars of the symbol X: the columns of the rows, quotes when a row has any. */
export function seriesOf(rows: readonly Row[], basis: PriceBasis = 'raw'): BarSeries {
  const column = (value: (row: Row) => number) => Float64Array.from(rows, value)
  const quoted = rows.some(({ bid, ask }) => bid !== undefined || ask !== undefined)
  return {
    symbol: 'X',
    basis,
    at: column(({ date }) => sessionToMs(session(date))),
    open: column(({ open, close }) => open ?? close),
    high: column(({ high, open, close }) => high ?? Math.max(open ?? close, close) + 1),
    low: column(({ low, open, close }) => low ?? Math.min(open ?? close, close) * 0.99),
    close: column(({ close }) => close),
    volume: column(({ volume }) => volume ?? 1000),
    ...(quoted ? { bid: column(({ bid }) => bid ?? Number.NaN), ask: column(({ ask }) => ask ?? Number.NaN) } : {}),
  }
}

/** Bars on consecutive days with these closes, from 2024-01-01. */
export function dailyCloses(closes: readonly number[], from = '2024-01-01'): Row[] {
  return closes.map((close, i) => ({ date: addDays(from as Session, i), close }))
}
