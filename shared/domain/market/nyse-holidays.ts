import { dayOf, lastWeekday, nthWeekday, weekdayOf } from './new-york-time.ts'
import { DAY_MS } from './session.ts'

const [SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY] = [0, 1, 2, 3, 4, 5, 6]

/** Days the exchange stayed closed for a reason no rule foresees: attacks, a hurricane, days of mourning. */
const UNFORESEEN: readonly (readonly [date: string, reason: string])[] = [
  ['2001-09-11', 'September 11 attacks'],
  ['2001-09-12', 'September 11 attacks'],
  ['2001-09-13', 'September 11 attacks'],
  ['2001-09-14', 'September 11 attacks'],
  ['2004-06-11', 'Mourning for President Reagan'],
  ['2007-01-02', 'Mourning for President Ford'],
  ['2012-10-29', 'Hurricane Sandy'],
  ['2012-10-30', 'Hurricane Sandy'],
  ['2018-12-05', 'Mourning for President G. H. W. Bush'],
  ['2025-01-09', 'Mourning for President Carter'],
]

/** Half days no rule foresees. The Friday after Christmas was short in 2003, and full in 2008, 2014 and 2025. */
const UNFORESEEN_EARLY_CLOSES: readonly string[] = ['2003-12-26']

/**
 * The weekdays of a year on which the New York Stock Exchange is closed, by day since 1970-01-01, with the reason. NYSE
 * Rule 7.2 and the closings no rule foresees; right for 2000 to today, and what the rules say of the years to come.
 * Days falling on a Saturday are kept on the Friday before, on a Sunday on the Monday after, but a Saturday New Year is
 * not kept at all (31 December is a trading day).
 */
export function nyseHolidays(year: number): ReadonlyMap<number, string> {
  const holidays = new Map<number, string>()
  const newYear = dayOf(year, 1, 1)
  if (weekdayOf(newYear) !== SATURDAY) holidays.set(nearestWeekday(newYear), "New Year's Day")
  holidays.set(nthWeekday(year, 1, MONDAY, 3), 'Martin Luther King Jr. Day')
  holidays.set(nthWeekday(year, 2, MONDAY, 3), "Washington's Birthday")
  holidays.set(easterSunday(year) - 2, 'Good Friday')
  holidays.set(lastWeekday(year, 5, MONDAY), 'Memorial Day')
  if (year >= 2022) holidays.set(nearestWeekday(dayOf(year, 6, 19)), 'Juneteenth')
  holidays.set(nearestWeekday(dayOf(year, 7, 4)), 'Independence Day')
  holidays.set(nthWeekday(year, 9, MONDAY, 1), 'Labor Day')
  holidays.set(nthWeekday(year, 11, THURSDAY, 4), 'Thanksgiving')
  holidays.set(nearestWeekday(dayOf(year, 12, 25)), 'Christmas')
  for (const [date, reason] of UNFORESEEN) {
    if (date.startsWith(String(year))) holidays.set(Date.parse(date) / DAY_MS, reason)
  }
  return holidays
}

/**
 * The days of a year on which the exchange closes at 13:00 New York time, by day since 1970-01-01: the day after
 * Thanksgiving, Christmas Eve on Monday to Thursday, and around Independence Day 3 July on Monday, Tuesday and
 * Thursday, and when the 4th is a Thursday Friday the 5th until 2012 but Wednesday the 3rd since 2013. The years before
 * 2013 are by these rules of exchange_calendars and agree with the last trades of SPY; closings for a few minutes and
 * late openings (2002-09-11, moments of silence) are not kept.
 */
export function nyseEarlyCloses(year: number): ReadonlySet<number> {
  const days = new Set<number>([nthWeekday(year, 11, THURSDAY, 4) + 1])
  const addOn = (day: number, weekdays: readonly number[]) => {
    if (weekdays.includes(weekdayOf(day))) days.add(day)
  }
  addOn(dayOf(year, 12, 24), [MONDAY, TUESDAY, WEDNESDAY, THURSDAY])
  addOn(dayOf(year, 7, 3), year < 2013 ? [MONDAY, TUESDAY, THURSDAY] : [MONDAY, TUESDAY, WEDNESDAY, THURSDAY])
  if (year < 2013) addOn(dayOf(year, 7, 5), [FRIDAY])
  for (const date of UNFORESEEN_EARLY_CLOSES) {
    if (date.startsWith(String(year))) days.add(Date.parse(date) / DAY_MS)
  }
  return days
}

/** Whether a day since 1970-01-01 is a Saturday or Sunday. */
export function isWeekend(day: number): boolean {
  const weekday = weekdayOf(day)
  return weekday === SATURDAY || weekday === SUNDAY
}

function nearestWeekday(day: number): number {
  const weekday = weekdayOf(day)
  if (weekday === SATURDAY) return day - 1
  return weekday === SUNDAY ? day + 1 : day
}

/** Gregorian Easter, the anonymous algorithm (Meeus, "Astronomical Algorithms", ch. 8). */
function easterSunday(year: number): number {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const inCentury = year % 100
  const moonCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3)
  const epact = (19 * golden + century - Math.floor(century / 4) - moonCorrection + 15) % 30
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7
  const lateMoon = Math.floor((golden + 11 * epact + 22 * toSunday) / 451)
  const days = epact + toSunday - 7 * lateMoon + 114
  return dayOf(year, Math.floor(days / 31), (days % 31) + 1)
}
