import { monthLength, newYorkTimeOn } from './new-york-time.ts'
import { isWeekend, nyseEarlyCloses, nyseHolidays } from './nyse-holidays.ts'
import { DAY_MS, type Instant, msToSession, type Session, sessionToMs } from './session.ts'
import type { TradingCalendar } from './trading-calendar.ts'

const FIRST = '2000-01-01' as Session
const LAST = '2028-12-31' as Session
const FIRST_DAY = sessionToMs(FIRST) / DAY_MS
const LAST_DAY = sessionToMs(LAST) / DAY_MS

/** One row a session, ascending, and for every day of the range how many sessions there are up to it. */
interface SessionIndex {
  readonly dates: readonly Session[]
  readonly opens: Float64Array
  readonly closes: Float64Array
  readonly early: Uint8Array
  readonly through: Uint16Array
}

let calendar: TradingCalendar | undefined

/**
 * The sessions of the New York Stock Exchange, 2000 to 2028: 09:30 to 16:00 New York time, 13:00 on half days. Holidays
 * and half days are by `nyseHolidays` and `nyseEarlyCloses`; what the exchange decides at short notice must be added
 * there.
 */
export function nyseCalendar(): TradingCalendar {
  calendar ??= indexedCalendar(buildIndex())
  return calendar
}

function buildIndex(): SessionIndex {
  const dates: Session[] = []
  const opens: number[] = []
  const closes: number[] = []
  const early: number[] = []
  const through = new Uint16Array(LAST_DAY - FIRST_DAY + 1)
  let day = FIRST_DAY
  for (let year = Number(FIRST.slice(0, 4)); year <= Number(LAST.slice(0, 4)); year++) {
    const holidays = nyseHolidays(year)
    const earlyCloses = nyseEarlyCloses(year)
    for (const text of datesOf(year)) {
      if (!isWeekend(day) && !holidays.has(day)) {
        const isEarly = earlyCloses.has(day)
        dates.push(text)
        opens.push(newYorkTimeOn(year, day, 9, 30))
        closes.push(newYorkTimeOn(year, day, isEarly ? 13 : 16, 0))
        early.push(isEarly ? 1 : 0)
      }
      through[day - FIRST_DAY] = dates.length
      day++
    }
  }
  return {
    dates,
    opens: Float64Array.from(opens),
    closes: Float64Array.from(closes),
    early: Uint8Array.from(early),
    through,
  }
}

/** Every date of a year in order, put together from parts: formatting ten thousand dates would cost a cold start. */
function* datesOf(year: number): Iterable<Session> {
  for (let month = 1; month <= 12; month++) {
    const days = monthLength(year, month)
    const prefix = `${year}-${String(month).padStart(2, '0')}-`
    for (let date = 1; date <= days; date++) yield (prefix + String(date).padStart(2, '0')) as Session
  }
}

function indexedCalendar({ dates, opens, closes, early, through }: SessionIndex): TradingCalendar {
  const dayOf = (date: Session) => {
    const day = Math.floor(sessionToMs(date) / DAY_MS)
    if (!(day >= FIRST_DAY && day <= LAST_DAY)) throw outside(date)
    return day - FIRST_DAY
  }
  const before = (day: number) => (day === 0 ? 0 : through[day - 1])
  const isSessionDay = (day: number) => through[day] > before(day)
  const at = (position: number, from: Session) => {
    const found = dates[position]
    if (found === undefined) throw new RangeError(`No NYSE session that way from ${from} within ${FIRST} to ${LAST}`)
    return found
  }
  const positionOf = (session: Session) => {
    const day = dayOf(session)
    if (!isSessionDay(day)) throw new RangeError(`${session} is not an NYSE session`)
    return before(day)
  }
  const inRange = (now: Instant) => {
    const day = Math.floor(now / DAY_MS)
    if (!(day >= FIRST_DAY && day <= LAST_DAY)) {
      throw outside(Number.isFinite(now) ? msToSession(now) : String(now))
    }
    return day - FIRST_DAY
  }
  const ordinal = (instant: number) => {
    const day = Math.floor(instant / DAY_MS) - FIRST_DAY
    if (day < 0) return 0
    return through[Math.min(day, through.length - 1)]
  }

  return {
    name: 'XNYS',
    first: FIRST,
    last: LAST,
    isSession: (date) => isSessionDay(dayOf(date)),
    sessions: (from, to) => dates.slice(before(dayOf(from)), Math.max(before(dayOf(from)), through[dayOf(to)])),
    count: (from, to) => Math.max(0, through[dayOf(to)] - before(dayOf(from))),
    next: (date) => at(through[dayOf(date)], date),
    previous: (date) => at(before(dayOf(date)) - 1, date),
    onOrAfter: (date) => at(before(dayOf(date)), date),
    onOrBefore: (date) => at(through[dayOf(date)] - 1, date),
    openAt: (session) => opens[positionOf(session)] as Instant,
    closeAt: (session) => closes[positionOf(session)] as Instant,
    isEarlyClose: (session) => early[positionOf(session)] === 1,
    lastCompleted(now) {
      // A session opens and closes within one UTC date, so only the date's own session can still be open.
      const day = inRange(now)
      const last = through[day] - 1
      return at(last >= 0 && closes[last] > now ? last - 1 : last, msToSession(now))
    },
    isOpen(now) {
      const day = inRange(now)
      const position = before(day)
      return isSessionDay(day) && opens[position] <= now && now < closes[position]
    },
    ordinal,
    sessionAt(position) {
      const found = dates[position - 1]
      if (found === undefined)
        throw new RangeError(`NYSE session number ${position} is not one of 1 to ${dates.length}`)
      return found
    },
  }
}

function outside(date: string): RangeError {
  return new RangeError(`Date ${date} is outside the NYSE calendar, which covers ${FIRST} to ${LAST}`)
}
