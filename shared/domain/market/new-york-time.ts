import { DAY_MS, type Instant, type Session, sessionToMs } from './session.ts'

const HOUR_MS = 3_600_000
const SUNDAY = 0

/** Day of the week of a day counted from 1970-01-01 (a Thursday): 0 is Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

/** The days since 1970-01-01 of a calendar date; `month` from 1. */
export function dayOf(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / DAY_MS
}

/** How many days a month has. */
export function monthLength(year: number, month: number): number {
  return dayOf(year, month + 1, 1) - dayOf(year, month, 1)
}

/** The n-th given weekday of a month, in days since 1970-01-01. */
export function nthWeekday(year: number, month: number, weekday: number, n: number): number {
  const first = dayOf(year, month, 1)
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1)
}

/** The last given weekday of a month, in days since 1970-01-01. */
export function lastWeekday(year: number, month: number, weekday: number): number {
  const last = dayOf(year, month + 1, 0)
  return last - ((weekdayOf(last) - weekday + 7) % 7)
}

/**
 * Hours New York is behind UTC at noon of a date: 4 in daylight saving time, else 5. By rule, so that no time zone
 * database is asked: first Sunday of April to last Sunday of October until 2006 (Uniform Time Act as amended 1986),
 * second Sunday of March to first Sunday of November since 2007 (Energy Policy Act of 2005). Right from 1987; clocks
 * change at 02:00, so business hours are never torn.
 */
export function newYorkOffsetHours(date: Session): 4 | 5 {
  return offsetHours(Number(date.slice(0, 4)), sessionToMs(date) / DAY_MS)
}

/** A wall-clock time in New York on a date, 03:00 to 23:59 (the hours the clocks change in are not asked for). */
export function newYorkTime(date: Session, hour: number, minute: number): Instant {
  return newYorkTimeOn(Number(date.slice(0, 4)), sessionToMs(date) / DAY_MS, hour, minute)
}

/** As `newYorkTime`, of a day since 1970-01-01 and the year it is in. */
export function newYorkTimeOn(year: number, day: number, hour: number, minute: number): Instant {
  return (day * DAY_MS + (hour + offsetHours(year, day)) * HOUR_MS + minute * 60_000) as Instant
}

function offsetHours(year: number, day: number): 4 | 5 {
  const { from, to } = daylightSaving(year)
  return day >= from && day < to ? 4 : 5
}

const seasons = new Map<number, { from: number; to: number }>()

function daylightSaving(year: number): { from: number; to: number } {
  const known = seasons.get(year)
  if (known) return known
  const season =
    year >= 2007
      ? { from: nthWeekday(year, 3, SUNDAY, 2), to: nthWeekday(year, 11, SUNDAY, 1) }
      : { from: nthWeekday(year, 4, SUNDAY, 1), to: lastWeekday(year, 10, SUNDAY) }
  seasons.set(year, season)
  return season
}
