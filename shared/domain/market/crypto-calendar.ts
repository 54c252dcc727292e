import { DAY_MS, type Instant, msToSession, type Session, sessionToMs } from './session.ts'
import type { TradingCalendar } from './trading-calendar.ts'

const FIRST = '1900-01-01' as Session
const LAST = '2199-12-31' as Session
const FIRST_DAY = sessionToMs(FIRST) / DAY_MS
const LAST_DAY = sessionToMs(LAST) / DAY_MS
/** The days that a `Date` can tell, before and after 1970-01-01. */
const MOST_DAYS = 1e8

/** A market that never closes: every UTC day is a session, from 00:00 to 00:00 of the next. */
export const cryptoCalendar: TradingCalendar = {
  name: '24/7',
  first: FIRST,
  last: LAST,
  isSession(date) {
    dayOf(date)
    return true
  },
  sessions(from, to) {
    const start = dayOf(from)
    return Array.from({ length: Math.max(0, dayOf(to) - start + 1) }, (_, i) => msToSession((start + i) * DAY_MS))
  },
  count: (from, to) => Math.max(0, dayOf(to) - dayOf(from) + 1),
  next: (date) => dateOf(dayOf(date) + 1),
  previous: (date) => dateOf(dayOf(date) - 1),
  onOrAfter: (date) => dateOf(dayOf(date)),
  onOrBefore: (date) => dateOf(dayOf(date)),
  openAt: (session) => (dayOf(session) * DAY_MS) as Instant,
  closeAt: (session) => ((dayOf(session) + 1) * DAY_MS) as Instant,
  isEarlyClose(session) {
    dayOf(session)
    return false
  },
  lastCompleted: (now) => dateOf(Math.floor(now / DAY_MS) - 1),
  isOpen(now) {
    dateOf(Math.floor(now / DAY_MS))
    return true
  },
  ordinal: (at) => Math.min(Math.max(Math.floor(at / DAY_MS) - FIRST_DAY + 1, 0), LAST_DAY - FIRST_DAY + 1),
  sessionAt: (ordinal) => dateOf(FIRST_DAY + ordinal - 1),
}

/** The day since 1970-01-01 of a date within the range. */
function dayOf(date: Session): number {
  const day = sessionToMs(date) / DAY_MS
  if (!(day >= FIRST_DAY && day <= LAST_DAY)) throw outside(date)
  return day
}

function dateOf(day: number): Session {
  if (!(day >= FIRST_DAY && day <= LAST_DAY)) throw outside(textOf(day))
  return msToSession(day * DAY_MS)
}

/** A day as its date, as long as it has one. */
function textOf(day: number): string {
  return Math.abs(day) <= MOST_DAYS ? msToSession(day * DAY_MS) : `${day} days after 1970-01-01`
}

function outside(date: string): RangeError {
  return new RangeError(`Date ${date} is outside the 24/7 calendar, which covers ${FIRST} to ${LAST}`)
}
