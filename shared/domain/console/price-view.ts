import { bollingerBands } from '../indicators/bollinger-bands.ts'
import { sma } from '../indicators/sma.ts'
import type { BarSeries } from '../market/bar.ts'

/** What the technical score looks at, to be drawn; prices are of today's shares. NaN where a window is not full. */
export interface PriceView {
  readonly at: Float64Array // UTC ms
  readonly close: Float64Array
  readonly short: Float64Array
  readonly long: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
  readonly windows: PriceWindows
}

/** The mandate's windows of the technical score. */
export interface PriceWindows {
  readonly trendSessions: readonly [short: number, long: number]
  readonly bollinger: { readonly period: number; readonly deviations: number }
}

/** Averages and bands of a stock's closes, the last `sessions` of them; the earlier ones only fill the windows. Empty without bars. */
export function priceView(series: BarSeries | undefined, windows: PriceWindows, sessions: number): PriceView {
  const close = series?.close ?? new Float64Array()
  const [short, long] = windows.trendSessions
  const bands = bollingerBands(close, windows.bollinger.period, windows.bollinger.deviations)
  const shown = (column: Float64Array) => column.subarray(-sessions)
  return {
    at: shown(series?.at ?? new Float64Array()),
    close: shown(close),
    short: shown(sma(close, short)),
    long: shown(sma(close, long)),
    low: shown(bands.lower),
    high: shown(bands.upper),
    windows,
  }
}
