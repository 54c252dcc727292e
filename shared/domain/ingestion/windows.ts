import type { Interval } from '../market/bar.ts'
import type { Instrument } from '../market/instrument.ts'
import { addDays, type Instant, instant, isSession, msToSession, type Session, sessionToMs } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import type { WindowBounds } from './judge-window.ts'

/** A stretch of sessions of some instruments that is fetched, judged and stored as one. */
export interface PlannedWindow {
  readonly id: string
  readonly from: Session
  readonly to: Session // inclusive
  readonly symbols: readonly string[]
}

/** Rows that fit comfortably into memory several times over and are stored in about a second. */
export const WINDOW_ROWS = 120_000
/** Keeps an event that names the symbols within a few kilobytes. */
export const WINDOW_SYMBOLS = 600

/** Bars of one session, at most: what a full New York session or, for coins, a whole day holds. */
const BARS_PER_DAY: Readonly<Record<Interval, number>> = { '1d': 1, '1h': 24, '5m': 288, '1m': 1440 }

/**
 * Cuts a range of dates into windows of whole days, about `WINDOW_ROWS` rows each, all symbols together where they fit: so a day's
 * partition is written once. Days on which nothing trades are in no window. Depends on nothing but its arguments.
 */
export function planWindows(
  instruments: readonly Instrument[],
  from: Session,
  to: Session,
  interval: Interval,
): PlannedWindow[] {
  const groups: (readonly Instrument[])[] = []
  for (let i = 0; i < instruments.length; i += WINDOW_SYMBOLS) groups.push(instruments.slice(i, i + WINDOW_SYMBOLS))
  const windows: PlannedWindow[] = []
  for (const group of groups) {
    const days = tradingDays(group, from, to)
    const daysAtOnce = Math.max(1, Math.floor(WINDOW_ROWS / (group.length * BARS_PER_DAY[interval])))
    // Windows of equal length, rather than full ones and a small rest.
    const count = Math.ceil(days.length / daysAtOnce)
    for (let k = 0; k < count; k++) {
      const first = Math.floor((k * days.length) / count)
      const last = Math.floor(((k + 1) * days.length) / count) - 1
      const id = windowId(windows.length)
      windows.push({ id, from: days[first], to: days[last], symbols: group.map(({ symbol }) => symbol) })
    }
  }
  return windows
}

/** Names the windows of a run in order, from 0. Joins keep their parts in order of text, hence so many digits. */
export function windowId(position: number): string {
  return `w${String(position + 1).padStart(5, '0')}`
}

function tradingDays(instruments: readonly Instrument[], from: Session, to: Session): Session[] {
  const everyDay = instruments.some(({ calendar }) => calendar === '24/7')
  return tradingCalendar(everyDay ? '24/7' : 'XNYS').sessions(from, to)
}

/** The date from which bars are fetched as history, so that the first bars of a window are judged as if they were in the middle. */
export function contextFrom(from: Session, rows: number, interval: Interval): Session {
  const calendar = tradingCalendar('XNYS')
  // Six and a half hours of trading make this many bars a session.
  const barsPerSession = { '1d': 1, '1h': 7, '5m': 78, '1m': 390 }[interval]
  // Where the calendar begins there is nothing further back to ask for.
  const date = calendar.sessionAt(Math.max(1, calendar.ordinal(sessionToMs(from)) - Math.ceil(rows / barsPerSession)))
  return date < from ? date : addDays(from, -1)
}

/** Midnight UTC before the first and after the last day: what an intraday fetch of whole days asks for. */
function dayBounds(from: Session, to: Session): { readonly from: Instant; readonly to: Instant } {
  return { from: sessionToMs(from), to: sessionToMs(addDays(to, 1)) }
}

/** Days that a range of instants touches, both inclusive. */
function daysOf(from: Instant, to: Instant): { readonly from: Session; readonly to: Session } {
  return { from: msToSession(from), to: msToSession(Math.max(from, to - 1)) }
}

interface WindowRange {
  readonly interval: Interval
  /** A session, or an instant for intraday bars. */
  readonly from: string
  /** A session, inclusive, or an instant, exclusive, for intraday bars. */
  readonly to: string
}

/** A window's bounds as instants. Windows written as dates hold whole days. */
export function windowBounds({ interval, from, to }: WindowRange): WindowBounds {
  if (isSession(from) && isSession(to)) return { interval, wholeDays: true, ...dayBounds(from, to) }
  return { interval, wholeDays: false, from: instant(new Date(from)), to: instant(new Date(to)) }
}

/** The days that a window touches, both inclusive. */
export function windowDays({ from, to }: WindowRange): { readonly from: Session; readonly to: Session } {
  if (isSession(from) && isSession(to)) return { from, to }
  return daysOf(instant(new Date(from)), instant(new Date(to)))
}
