import type { BarSeries } from '../market/bar.ts'
import { rowAtOrAfter } from '../market/row-at-or-after.ts'
import { DAY_MS, type Session, sessionToMs } from '../market/session.ts'
import type { TradingCalendar } from '../market/trading-calendar.ts'

/**
 * Simple returns from bar to bar over the last `sessions` sessions up to one, of ascending daily bars. Fewer when bars are missing: the
 * return after a gap is that over the gap. None when fewer than two bars lie in these sessions and the one before.
 */
export function sessionReturns(
  series: BarSeries,
  calendar: TradingCalendar,
  asOf: Session,
  sessions: number,
): Float64Array {
  const first = calendar.sessionAt(Math.max(1, calendar.ordinal(sessionToMs(asOf)) - sessions))
  const start = rowAtOrAfter(series.at, sessionToMs(first))
  const end = rowAtOrAfter(series.at, sessionToMs(asOf) + DAY_MS)
  const returns = new Float64Array(Math.max(0, end - start - 1))
  for (let i = 0; i < returns.length; i++) returns[i] = series.close[start + i + 1] / series.close[start + i] - 1
  return returns
}
