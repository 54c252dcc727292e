import { type Dataset, INTERVAL_MS } from '../../domain/market/bar.ts'
import { DAY_MS, type Instant, sessionToMs } from '../../domain/market/session.ts'
import { tradingCalendar } from '../../domain/market/trading-calendar.ts'

/**
 * Bars of the dataset that start before the answer had closed at the instant; the later ones nobody could know. A daily bar closes with its
 * session (crypto: with the UTC day), an intraday bar after its full interval, even where the exchange cuts the last one short.
 * Outside the years the calendar knows everything before them is closed and nothing after them.
 */
export function closedBefore(dataset: Dataset, now: Instant): Instant {
  if (dataset.interval !== '1d') return (now - INTERVAL_MS[dataset.interval] + 1) as Instant
  const calendar = tradingCalendar(dataset.asset === 'crypto' ? '24/7' : 'XNYS')
  if (now < calendar.closeAt(calendar.onOrAfter(calendar.first))) return sessionToMs(calendar.first)
  if (now >= calendar.closeAt(calendar.onOrBefore(calendar.last)))
    return (sessionToMs(calendar.last) + DAY_MS) as Instant
  return (sessionToMs(calendar.lastCompleted(now)) + DAY_MS) as Instant
}
