import { INTERVAL_MS, type Interval } from '../market/bar.ts'
import type { Instrument } from '../market/instrument.ts'
import { type Instant, msToSession } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import { WINDOW_ROWS, windowId } from './windows.ts'

export interface Poll {
  readonly window: { readonly id: string; readonly interval: Interval; readonly from: string; readonly to: string }
  readonly symbols: string[]
}

/** So many bars before the slot are asked for again: late ones arrive, corrected ones become revisions. */
const OVERLAP_BARS = 3
const MINUTE_MS = 60_000

/**
 * What a poll of complete bars asks for: from a little before the slot's first minute to the last bar that is whole by its last, for the
 * instruments whose market traded in that time. One window, or several of equal length where a long outage is caught up. Nothing when no
 * market was open.
 */
export function planPoll(
  instruments: readonly Instrument[],
  interval: Exclude<Interval, '1d'>,
  slot: { readonly from: string; readonly to: string } | undefined,
): Poll[] {
  if (!slot) return []
  const length = INTERVAL_MS[interval]
  // Bars begin at whole minutes but not at whole hours: New York's hourly ones begin at half past. This one has just ended.
  const newest = (minute: string) => Date.parse(minute) - length
  const from = newest(slot.from) - (OVERLAP_BARS + 1) * length + MINUTE_MS
  const to = newest(slot.to) + MINUTE_MS
  const symbols = instruments.filter(({ calendar }) => hasBars(calendar, length, from, to)).map(({ symbol }) => symbol)
  if (symbols.length === 0) return []
  const bars = (to - from) / length
  const count = Math.ceil((bars * symbols.length) / WINDOW_ROWS)
  return Array.from({ length: count }, (_, k) => {
    const edge = (part: number) => new Date(from + Math.floor((part * bars) / count) * length).toISOString()
    const last = k + 1 === count ? new Date(to).toISOString() : edge(k + 1)
    return { window: { id: windowId(k), interval, from: edge(k), to: last }, symbols }
  })
}

/** Late bars of a session's end are still asked for this long. */
const AFTER_CLOSE_MS = 15 * MINUTE_MS

/** Whether polling makes sense: a market of the instruments is open, or has just closed. What is missed is caught up by the next poll. */
export function isWorthPolling(instruments: readonly Instrument[], now: Instant): boolean {
  const calendars = new Set(instruments.map(({ calendar }) => calendar))
  return [...calendars].map(tradingCalendar).some((calendar) => {
    const session = calendar.onOrBefore(msToSession(now))
    return calendar.openAt(session) <= now && now < calendar.closeAt(session) + AFTER_CLOSE_MS
  })
}

/** Whether a bar of the market, counted from its session's open, begins in the time. */
function hasBars(name: Instrument['calendar'], length: number, from: number, to: number): boolean {
  const calendar = tradingCalendar(name)
  return calendar.sessions(msToSession(from), msToSession(to)).some((session) => {
    const open = calendar.openAt(session)
    const first = open + Math.ceil(Math.max(0, from - open) / length) * length
    return first < Math.min(to, calendar.closeAt(session))
  })
}
