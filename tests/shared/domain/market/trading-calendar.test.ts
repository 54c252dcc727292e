import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  type Instant,
  instant,
  type Session,
  session,
  sessionToMs,
} from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'

const reference = JSON.parse(
  readFileSync(new URL('../../../reference/nyse-sessions.json', import.meta.url), 'utf8'),
) as {
  tradingDays: Record<string, number>
  holidays: Record<string, string[]>
  earlyCloses: Record<string, string[]>
}
const nyse = tradingCalendar('XNYS')
const day = (text: string) => session(text)
const at = (text: string) => instant(Date.parse(text))
const yearOf = (year: string) => nyse.sessions(day(`${year}-01-01`), day(`${year}-12-31`))
const nyseDates = fc
  .integer({ min: sessionToMs(nyse.first) / 86_400_000 + 10, max: sessionToMs(nyse.last) / 86_400_000 - 10 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10) as Session)

describe('the NYSE calendar', () => {
  it.each(Object.entries(reference.tradingDays))('has the trading days of %s: %i', (year, days) => {
    expect(yearOf(year)).toHaveLength(days)
    expect(nyse.count(day(`${year}-01-01`), day(`${year}-12-31`))).toBe(days)
  })

  it.each(Object.entries(reference.holidays))(
    'is closed on the holidays of %s and on no other weekday',
    (year, holidays) => {
      const closed: string[] = []
      for (let date = day(`${year}-01-01`); date.startsWith(year); date = addDays(date, 1)) {
        const weekday = new Date(sessionToMs(date)).getUTCDay()
        if (weekday !== 0 && weekday !== 6 && !nyse.isSession(date)) closed.push(date)
      }
      expect(closed).toEqual(holidays)
    },
  )

  it.each(Object.entries(reference.earlyCloses))(
    'closes early on the half days of %s and no other',
    (year, halfDays) => {
      expect(yearOf(year).filter((date) => nyse.isEarlyClose(date))).toEqual(halfDays)
    },
  )

  it('keeps no holiday for a New Year on a Saturday', () => {
    expect(nyse.isSession(day('2010-12-31'))).toBe(true)
    expect(nyse.isSession(day('2021-12-31'))).toBe(true)
    expect(nyse.isSession(day('2027-12-31'))).toBe(true)
  })

  it('was closed for attacks, mourning and a hurricane', () => {
    const closed = [
      '2001-09-11',
      '2001-09-14',
      '2004-06-11',
      '2007-01-02',
      '2012-10-29',
      '2012-10-30',
      '2018-12-05',
      '2025-01-09',
    ]
    for (const date of closed) expect(nyse.isSession(day(date)), date).toBe(false)
    expect(nyse.next(day('2001-09-10'))).toBe('2001-09-17')
  })

  it('opens at 09:30 and closes at 16:00 or 13:00 in New York in every session, by the time zone database', () => {
    const wall = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/New_York',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    for (const date of nyse.sessions(nyse.first, nyse.last)) {
      expect(wall.format(nyse.openAt(date))).toBe(`${date} 09:30:00`)
      expect(wall.format(nyse.closeAt(date))).toBe(`${date} ${nyse.isEarlyClose(date) ? '13' : '16'}:00:00`)
    }
  })

  it.each([
    ['2006-04-03', '13:30'],
    ['2006-03-31', '14:30'],
    ['2006-10-30', '14:30'],
    ['2007-03-12', '13:30'],
    ['2007-11-02', '13:30'],
    ['2007-11-05', '14:30'],
  ])('knows daylight saving time before and after 2007: %s opens at %s UTC', (date, time) => {
    expect(new Date(nyse.openAt(day(date))).toISOString()).toBe(`${date}T${time}:00.000Z`)
  })

  it('says which session was completed last, to the millisecond', () => {
    expect(nyse.lastCompleted(at('2024-07-03T16:59:59.999Z'))).toBe('2024-07-02')
    expect(nyse.lastCompleted(at('2024-07-03T17:00:00Z'))).toBe('2024-07-03')
    expect(nyse.lastCompleted(at('2024-07-04T23:00:00Z'))).toBe('2024-07-03')
    expect(nyse.lastCompleted(at('2024-07-05T19:59:59Z'))).toBe('2024-07-03')
    expect(nyse.lastCompleted(at('2024-07-07T12:00:00Z'))).toBe('2024-07-05')
  })

  it('is open from the open to just before the close', () => {
    expect(nyse.isOpen(at('2024-01-02T14:29:59.999Z'))).toBe(false)
    expect(nyse.isOpen(at('2024-01-02T14:30:00Z'))).toBe(true)
    expect(nyse.isOpen(at('2024-01-02T20:59:59.999Z'))).toBe(true)
    expect(nyse.isOpen(at('2024-01-02T21:00:00Z'))).toBe(false)
    expect(nyse.isOpen(at('2024-01-01T16:00:00Z'))).toBe(false)
  })

  it('finds neighbours that agree with the list of sessions', () => {
    fc.assert(
      fc.property(nyseDates, (date) => {
        const near = nyse.sessions(addDays(date, -10), addDays(date, 10))
        expect(nyse.isSession(date)).toBe(near.includes(date))
        expect(nyse.next(date)).toBe(near.find((other) => other > date))
        expect(nyse.onOrAfter(date)).toBe(near.find((other) => other >= date))
        expect(nyse.previous(date)).toBe(near.findLast((other) => other < date))
        expect(nyse.onOrBefore(date)).toBe(near.findLast((other) => other <= date))
      }),
    )
  })

  it('counts and numbers sessions as it lists them', () => {
    fc.assert(
      fc.property(nyseDates, nyseDates, (from, to) => {
        const listed = nyse.sessions(from, to)
        expect(nyse.count(from, to)).toBe(listed.length)
        if (from > to) return
        const before = nyse.ordinal(sessionToMs(addDays(from, -1)))
        expect(nyse.ordinal(sessionToMs(to)) - before).toBe(listed.length)
        if (listed.length > 0) expect(nyse.sessionAt(before + 1)).toBe(listed[0])
      }),
    )
  })

  it('completes a session exactly at its close', () => {
    fc.assert(
      fc.property(nyseDates, (date) => {
        const own = nyse.onOrAfter(date)
        const close = nyse.closeAt(own)
        expect(nyse.lastCompleted(close)).toBe(own)
        expect(nyse.lastCompleted((close - 1) as Instant)).toBe(nyse.previous(own))
      }),
    )
  })

  it('names the date and the range when asked outside 2000 to 2028', () => {
    const refusal = 'Date 1999-12-31 is outside the NYSE calendar, which covers 2000-01-01 to 2028-12-31'
    expect(() => nyse.isSession(day('1999-12-31'))).toThrow(new RangeError(refusal))
    expect(() => nyse.next(day('2029-01-01'))).toThrow(RangeError)
    expect(() => nyse.next(day('2028-12-29'))).toThrow('No NYSE session that way from 2028-12-29')
    expect(() => nyse.previous(day('2000-01-03'))).toThrow(RangeError)
    expect(() => nyse.lastCompleted(at('2029-01-02T00:00:00Z'))).toThrow('2029-01-02')
    expect(() => nyse.lastCompleted(at('2000-01-03T12:00:00Z'))).toThrow(RangeError)
    expect(() => nyse.openAt(day('2024-01-01'))).toThrow('2024-01-01 is not an NYSE session')
  })

  it('clamps ordinals outside its range', () => {
    expect(nyse.ordinal(Date.UTC(1990, 0, 1))).toBe(0)
    expect(nyse.ordinal(Date.UTC(2040, 0, 1))).toBe(nyse.count(nyse.first, nyse.last))
  })
})

describe('the calendar of every day', () => {
  const always = tradingCalendar('24/7')

  it('has a session each UTC day, from midnight to midnight', () => {
    expect(always.sessions(day('2024-02-28'), day('2024-03-01'))).toEqual(['2024-02-28', '2024-02-29', '2024-03-01'])
    expect(always.count(day('2024-01-01'), day('2024-12-31'))).toBe(366)
    expect(always.openAt(day('2024-02-29'))).toBe(at('2024-02-29T00:00:00Z'))
    expect(always.closeAt(day('2024-02-29'))).toBe(at('2024-03-01T00:00:00Z'))
    expect(always.isEarlyClose(day('2024-12-24'))).toBe(false)
  })

  it('is always open and completes a day at midnight', () => {
    expect(always.isOpen(at('2024-12-25T03:00:00Z'))).toBe(true)
    expect(always.lastCompleted(at('2024-12-25T23:59:59Z'))).toBe('2024-12-24')
    expect(always.lastCompleted(at('2024-12-26T00:00:00Z'))).toBe('2024-12-25')
  })

  it('has every day as its own neighbour', () => {
    expect(always.next(day('2024-02-29'))).toBe('2024-03-01')
    expect(always.previous(day('2024-03-01'))).toBe('2024-02-29')
    expect(always.onOrAfter(day('2024-03-02'))).toBe('2024-03-02')
    expect(always.onOrBefore(day('2024-03-02'))).toBe('2024-03-02')
    expect(always.sessionAt(always.ordinal(at('2024-03-02T11:00:00Z')))).toBe('2024-03-02')
    expect(() => always.isSession(day('2200-01-01'))).toThrow('24/7 calendar')
    expect(() => always.lastCompleted(at('1850-01-01T00:00:00Z'))).toThrow('Date 1849-12-31 is outside')
    expect(() => always.lastCompleted(Number.NaN as Instant)).toThrow('is outside the 24/7 calendar')
  })
})
