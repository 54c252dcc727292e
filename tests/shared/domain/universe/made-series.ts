import type { BarSeries } from '../../../../shared/domain/market/bar.ts'
import { sessionToMs } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { AS_OF } from './reference-market.ts'

const xnys = tradingCalendar('XNYS')

/** Daily bars with these closes, the last of them on the reference market's last session. */
export function madeSeries(closes: readonly number[]): BarSeries {
  const end = xnys.ordinal(sessionToMs(AS_OF))
  const at = Float64Array.from(closes, (_, i) => sessionToMs(xnys.sessionAt(end - closes.length + 1 + i)))
  const close = Float64Array.from(closes)
  const volumes = new Float64Array(closes.length).fill(1e6)
  return { symbol: 'A', basis: 'raw', at, open: close, high: close, low: close, close, volume: volumes }
}
