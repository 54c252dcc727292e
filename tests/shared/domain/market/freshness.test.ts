import { describe, expect, it } from 'vitest'
import { checkFreshness, type FreshnessCheck, measureFreshness } from '../../../../shared/domain/market/freshness.ts'
import { type Instant, instant } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'

const nyse = tradingCalendar('XNYS')
const at = (text: string) => instant(Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text))
const seen = (...times: (string | undefined)[]) =>
  new Map(times.map((time, i) => [`S${i}`, time === undefined ? undefined : at(time)]))

function isFresh(last: string, now: string, more: Partial<FreshnessCheck> = {}): boolean {
  return measureFreshness({ lastSeen: seen(last), now: at(now), calendar: nyse, mode: 'latest', ...more }).fresh
}

describe('quotes', () => {
  // Tuesday 2024-01-02, 14:30 to 21:00 UTC; the session before is Friday 2023-12-29.
  it.each([
    ['2024-01-02T15:30:00Z', '2024-01-02T16:00:00Z', true],
    ['2024-01-02T15:29:59Z', '2024-01-02T16:00:00Z', false],
    ['2024-01-02T14:30:00Z', '2024-01-02T14:59:00Z', true],
    ['2023-12-29T21:00:00Z', '2024-01-02T14:45:00Z', true],
    ['2023-12-29T20:44:00Z', '2024-01-02T14:45:00Z', false],
    ['2023-12-29T20:45:00Z', '2024-01-02T14:45:00Z', true],
    ['2023-12-29T21:00:00Z', '2024-01-02T15:01:00Z', false],
    ['2023-12-29T20:40:00Z', '2024-01-01T12:00:00Z', true],
    ['2023-12-29T20:20:00Z', '2024-01-01T12:00:00Z', false],
    ['2024-01-02T16:00:01Z', '2024-01-02T16:00:00Z', false],
  ])('last seen %s are at %s fresh: %s', (last, now, expected) => {
    expect(isFresh(last, now)).toBe(expected)
  })

  it('of a market that never closes age through midnight', () => {
    const calendar = tradingCalendar('24/7')
    expect(isFresh('2024-01-01T23:51:00Z', '2024-01-02T00:20:00Z', { calendar })).toBe(true)
    expect(isFresh('2024-01-01T23:49:00Z', '2024-01-02T00:20:00Z', { calendar })).toBe(false)
  })
})

describe('bars', () => {
  it.each([
    ['2024-01-02', '2024-01-03T20:59:00Z', true],
    ['2024-01-02', '2024-01-03T21:00:00Z', false],
    ['2023-12-29', '2024-01-02T20:59:00Z', true],
    ['2024-01-02', '2024-01-02T18:00:00Z', true],
    ['2023-12-28', '2024-01-01T12:00:00Z', false],
  ])('daily, of %s, are at %s fresh: %s', (last, now, expected) => {
    expect(isFresh(last, now, { interval: '1d' })).toBe(expected)
  })

  it.each([
    ['2024-01-02T14:30:00Z', '2024-01-02T16:59:59Z', true],
    ['2024-01-02T14:30:00Z', '2024-01-02T17:01:00Z', false],
    ['2024-01-02T15:30:00Z', '2024-01-02T17:01:00Z', true],
    ['2023-12-29T20:30:00Z', '2024-01-02T15:00:00Z', true],
    ['2023-12-29T19:30:00Z', '2024-01-02T15:00:00Z', false],
    ['2024-01-02T20:30:00Z', '2024-01-03T03:00:00Z', true],
    ['2024-01-02T19:30:00Z', '2024-01-03T03:00:00Z', false],
  ])('of an hour, begun %s, are at %s fresh: %s', (last, now, expected) => {
    expect(isFresh(last, now, { interval: '1h' })).toBe(expected)
  })

  it('of five minutes are as old as their end', () => {
    expect(isFresh('2024-01-02T15:30:00Z', '2024-01-02T16:05:00Z', { interval: '5m' })).toBe(true)
    expect(isFresh('2024-01-02T15:30:00Z', '2024-01-02T16:05:01Z', { interval: '5m' })).toBe(false)
  })
})

describe('the mode', () => {
  const now = at('2024-01-02T16:00:00Z')
  const fresh = '2024-01-02T15:59:00Z'
  const old = '2024-01-02T15:00:00Z'
  const run = (mode: FreshnessCheck['mode'], ...times: (string | undefined)[]) =>
    measureFreshness({ lastSeen: seen(...times), now, calendar: nyse, mode })

  it('latest asks the newest, oldest the oldest', () => {
    expect(run('latest', old, fresh, undefined).fresh).toBe(true)
    expect(run('oldest', old, fresh).fresh).toBe(false)
    expect(run('oldest', fresh, fresh).fresh).toBe(true)
    expect(run('oldest', fresh, undefined).fresh).toBe(false)
  })

  it('median asks the middle one, the older of two', () => {
    expect(run('median', old, fresh, fresh).fresh).toBe(true)
    expect(run('median', old, old, fresh).fresh).toBe(false)
    expect(run('median', old, fresh).fresh).toBe(false)
  })

  it('per_symbol wants nine of ten', () => {
    const times = Array<string | undefined>(10).fill(fresh)
    expect(run('per_symbol', ...times.with(0, old)).fresh).toBe(true)
    const two = run('per_symbol', ...times.with(0, old).with(7, undefined))
    expect(two).toMatchObject({ fresh: false, stale: ['S0', 'S7'] })
    expect(two.reason).toContain('8 of 10 symbols')
  })
})

describe('any doubt', () => {
  const check: FreshnessCheck = {
    lastSeen: seen('2024-01-02T15:59:00Z'),
    now: at('2024-01-02T16:00:00Z'),
    calendar: nyse,
    mode: 'latest',
  }

  it.each<[string, Partial<FreshnessCheck>]>([
    ['no symbols', { lastSeen: new Map() }],
    ['a time that is none', { lastSeen: new Map([['S0', Number.NaN as Instant]]) }],
    ['a now that is none', { now: Number.NaN as Instant }],
    ['a now the calendar does not know', { now: at('2040-01-01') }],
  ])('is an error when measured and stale when checked: %s', (_, part) => {
    expect(() => measureFreshness({ ...check, ...part })).toThrow(RangeError)
    expect(checkFreshness({ ...check, ...part }).fresh).toBe(false)
  })

  it('is not felt when all is well', () => {
    expect(checkFreshness(check)).toEqual(measureFreshness(check))
    expect(checkFreshness(check).fresh).toBe(true)
  })
})
