import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { niceTicks } from '../../../../../shared/adapters/html/charts/ticks.ts'
import { timeTicks } from '../../../../../shared/adapters/html/charts/time-ticks.ts'
import { tickText } from '../../../../../shared/adapters/html/charts/units.ts'
import { DAY_MS } from '../../../../../shared/domain/market/session.ts'

describe('niceTicks', () => {
  it.each([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0.3, 0.7, [0.3, 0.4, 0.5, 0.6, 0.7]],
    [-0.23, 0, [-0.25, -0.2, -0.15, -0.1, -0.05, 0]],
    [97, 228, [50, 100, 150, 200, 250]],
    [0, 1.1e6, [0, 250_000, 500_000, 750_000, 1_000_000, 1_250_000]],
    [0.001, 0.0042, [0.001, 0.002, 0.003, 0.004, 0.005]],
  ])('puts round values around %d to %d', (low, high, values) => {
    expect(niceTicks(low, high).values).toEqual(values)
  })

  it('spans the range in few even steps whose labels differ', () => {
    const size = fc.double({ min: -1e12, max: 1e12, noNaN: true })
    fc.assert(
      fc.property(size, size, fc.integer({ min: 2, max: 12 }), (a, b, about) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const ticks = niceTicks(low, high, about)
        const { values, step } = ticks
        const slack = step * 1e-5
        expect(values[0]).toBeLessThanOrEqual(low + slack)
        expect(values[values.length - 1]).toBeGreaterThanOrEqual(high - slack)
        expect(values.length).toBeLessThanOrEqual(about + 2)
        expect(values.length).toBeGreaterThanOrEqual(2)
        for (const unit of ['number', 'percent'] as const) {
          const labels = values.map((value) => tickText(value, ticks, unit))
          if (step > 1e-5) expect(new Set(labels).size).toBe(values.length)
        }
      }),
    )
  })

  it('makes room around a single value', () => {
    expect(niceTicks(0, 0).values).toContain(0)
    for (const value of [5, -5, 1e9, 1e-9]) {
      const { values } = niceTicks(value, value)
      expect(values[0]).toBeLessThan(value)
      expect(values[values.length - 1]).toBeGreaterThan(value)
    }
  })

  it('refuses a range that is none', () => {
    expect(() => niceTicks(1, 0)).toThrow('Ticks need a finite range, found 1 to 0')
    expect(() => niceTicks(Number.NaN, 1)).toThrow(RangeError)
    expect(() => niceTicks(0, Number.POSITIVE_INFINITY)).toThrow(RangeError)
  })
})

describe('timeTicks', () => {
  const labels = (from: string, to: string, atMost: number) =>
    timeTicks(Date.parse(from), Date.parse(to), atMost).map(({ label }) => label)

  it.each([
    ['2014-01-02', '2025-07-01', 12, '2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025'],
    ['2014-01-02', '2025-07-01', 5, '2016 2018 2020 2022 2024'],
    ['2023-11-15', '2024-06-20', 12, 'Dec 2024 Feb Mar Apr May Jun'],
    ['2024-02-15', '2024-08-20', 12, 'Mar 2024|Apr|May|Jun|Jul|Aug'],
    ['2024-03-01', '2024-03-08', 8, '1 Mar 2024|2 Mar|3 Mar|4 Mar|5 Mar|6 Mar|7 Mar|8 Mar'],
    ['2024-02-01', '2024-03-08', 6, '5 Feb 2024|12 Feb|19 Feb|26 Feb|4 Mar'],
    ['2024-03-01T14:30Z', '2024-03-01T20:45Z', 7, '1 Mar 15:00|16:00|17:00|18:00|19:00|20:00'],
    ['2024-03-01T20:00Z', '2024-03-02T08:00Z', 5, '1 Mar 21:00|2 Mar|03:00|06:00'],
  ])('names what changes from %s to %s, at most %d times', (from, to, atMost, expected) => {
    expect(labels(from, to, atMost)).toEqual(expected.split(expected.includes('|') ? '|' : ' '))
  })

  it('keeps to the span and to the number, in order, and finds at least two in more than three days', () => {
    const instant = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) })
    fc.assert(
      fc.property(instant, instant, fc.integer({ min: 2, max: 14 }), (a, b, atMost) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const ticks = timeTicks(from, to, atMost)
        expect(ticks.length).toBeLessThanOrEqual(atMost)
        ticks.forEach(({ at }, i) => {
          expect(at >= from && at <= to && (i === 0 || at > ticks[i - 1].at)).toBe(true)
        })
        if (atMost >= 5 && to - from > 3 * DAY_MS) expect(ticks.length).toBeGreaterThan(1)
      }),
    )
  })

  it('refuses a span that is none', () => {
    expect(() => timeTicks(1, 0, 5)).toThrow(RangeError)
    expect(() => timeTicks(Number.NaN, 0, 5)).toThrow(RangeError)
  })
})
