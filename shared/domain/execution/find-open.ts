import type { BarSeries } from '../market/bar.ts'
import { instrumentOf } from '../market/instrument.ts'
import { rowAtOrAfter } from '../market/row-at-or-after.ts'
import { msToSession, type Session, sessionToMs } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'

/** Where an order is filled, or why it is not. */
export type FoundOpen = { readonly session: Session; readonly price: number } | 'waits' | 'expired'

/** In how many sessions an order may find an open before it expires: a week. */
export const ORDER_SESSIONS = 5

/**
 * The first open that an order can be filled at: of its session or one of the four after it, through the last session that is known. A coin's
 * day opens at midnight, before the morning that decides, so its first is the day after the order's session. A bar without a price above
 * zero is none.
 */
export function findOpen(
  order: { readonly symbol: string; readonly session: Session },
  bars: BarSeries | undefined,
  through: Session,
): FoundOpen {
  const { asset, calendar: name } = instrumentOf(order.symbol)
  const calendar = tradingCalendar(name)
  const first = asset === 'crypto' ? calendar.next(order.session) : calendar.onOrAfter(order.session)
  const last = calendar.sessionAt(calendar.ordinal(sessionToMs(first)) + ORDER_SESSIONS - 1)
  const until = sessionToMs(last < through ? last : through)
  if (bars) {
    for (let row = rowAtOrAfter(bars.at, sessionToMs(first)); row < bars.at.length && bars.at[row] <= until; row++) {
      const price = bars.open[row]
      if (price > 0 && price < Number.POSITIVE_INFINITY) return { session: msToSession(bars.at[row]), price }
    }
  }
  return through >= last ? 'expired' : 'waits'
}
