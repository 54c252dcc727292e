import type { BarSeries, Dataset, PriceBasis } from '../../shared/domain/market/bar.ts'
import { type Instant, session, sessionToMs } from '../../shared/domain/market/session.ts'

export const DAILY: Dataset = { source: 'made', asset: 'equity', interval: '1d' }

export const ALWAYS = { from: Date.UTC(1990, 0, 1) as Instant, to: Date.UTC(2100, 0, 1) as Instant }

/** Midnight UTC of a date. */
export const day = (text: string) => sessionToMs(session(text))

export interface MadeBar {
  readonly at: number
  readonly close: number
  readonly volume?: number
  readonly bid?: number
  readonly ask?: number
}

/** A series whose prices follow from the close. */
export function made(symbol: string, bars: readonly MadeBar[], basis: PriceBasis = 'raw'): BarSeries {
  const column = (value: (bar: MadeBar) => number) => Float64Array.from(bars, value)
  const quoted = bars.some(({ bid, ask }) => bid !== undefined || ask !== undefined)
  return {
    symbol,
    basis,
    at: column(({ at }) => at),
    open: column(({ close }) => close - 0.25),
    high: column(({ close }) => close + 0.5),
    low: column(({ close }) => close - 0.5),
    close: column(({ close }) => close),
    volume: column(({ volume }) => volume ?? 100),
    ...(quoted && { bid: column(({ bid }) => bid ?? Number.NaN), ask: column(({ ask }) => ask ?? Number.NaN) }),
  }
}

/** Daily bars from a date and its close, `{ '2024-03-01': 10 }`. */
export function daily(symbol: string, closes: Readonly<Record<string, number>>, basis: PriceBasis = 'raw'): BarSeries {
  const bars = Object.entries(closes).map(([date, close]) => ({ at: day(date), close }))
  return made(
    symbol,
    bars.sort((a, b) => a.at - b.at),
    basis,
  )
}

/** `SYMBOL date close` a bar: enough to compare by and easy to read in a failure. */
export function lines(series: readonly BarSeries[]): string[] {
  return series.flatMap(({ symbol, at, close }) =>
    [...at].map((time, row) => `${symbol} ${new Date(time).toISOString().replace('T00:00:00.000Z', '')} ${close[row]}`),
  )
}
