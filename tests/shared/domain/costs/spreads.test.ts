import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { corwinSchultz, corwinSchultzBps } from '../../../../shared/domain/costs/corwin-schultz.ts'
import { bucketSpreadBps, LIQUIDITY_BUCKETS } from '../../../../shared/domain/costs/liquidity-bucket.ts'
import { quotedSpreadBps } from '../../../../shared/domain/costs/quoted-spread.ts'
import { REFERENCE } from './reference.ts'

const { NaN: missing } = Number

describe('a quoted spread', () => {
  it('is in basis points of the mid price', () => {
    expect(quotedSpreadBps(99.99, 100.01)).toBeCloseTo(2, 9)
    expect(quotedSpreadBps(50, 50)).toBe(0)
  })

  it.each([
    [10.1, 10],
    [0, 10],
    [missing, 10],
    [10, missing],
    [10, Number.POSITIVE_INFINITY],
  ])('is missing for bid %s and ask %s', (bid, ask) => expect(quotedSpreadBps(bid, ask)).toBeNaN())
})

describe("Corwin and Schultz' spread", () => {
  const made = REFERENCE.corwin_schultz
  const series = {
    high: Float64Array.from(made.high),
    low: Float64Array.from(made.low),
    close: Float64Array.from(made.close),
  }
  const { high, low } = series

  it.each([
    ['plain', { high, low }, made.plain, made.plain_bps_21],
    ['adjusted for nights', series, made.adjusted, made.adjusted_bps_21],
  ] as const)('agrees with the formulas of the paper in 50 digits: %s', (_, prices, expected, meanBps) => {
    const spreads = corwinSchultz(prices)
    expect(spreads.length).toBe(expected.length)
    expected.forEach((value, t) => {
      if (value === null) expect(spreads[t]).toBeNaN()
      else expect(spreads[t]).toBeCloseTo(value, 13)
    })
    expect(corwinSchultzBps(prices)).toBeCloseTo(meanBps, 9)
  })

  const prices = fc.double({ min: 0.01, max: 1e5, noNaN: true })

  it('finds the spread of a price that only bounces between bid and ask', () => {
    fc.assert(
      fc.property(prices, fc.double({ min: 0.0001, max: 0.5, noNaN: true }), (price, spread) => {
        const highs = new Float64Array(3).fill(price * (1 + spread / 2))
        const lows = new Float64Array(3).fill(price * (1 - spread / 2))
        expect(corwinSchultz({ high: highs, low: lows })[2]).toBeCloseTo(spread, 9)
      }),
    )
  })

  const days = fc.array(fc.tuple(prices, fc.double({ min: 0, max: 0.3, noNaN: true })), { minLength: 2, maxLength: 30 })

  it('is from 0 to 2, whatever the prices, and the same in any currency', () => {
    fc.assert(
      fc.property(days, fc.constantFrom(0.001, 7.3, 1e4), (ranges, rate) => {
        const lows = Float64Array.from(ranges, ([at]) => at)
        const highs = Float64Array.from(ranges, ([at, range]) => at * (1 + range))
        const closes = Float64Array.from(ranges, ([at, range]) => at * (1 + range / 2))
        const scale = (column: Float64Array) => column.map((price) => price * rate)
        for (const close of [undefined, closes]) {
          const found = corwinSchultz({ high: highs, low: lows, close })
          const other = corwinSchultz({ high: scale(highs), low: scale(lows), close: close && scale(close) })
          for (let t = 1; t < found.length; t++) {
            expect(found[t] >= 0 && found[t] < 2).toBe(true)
            expect(other[t]).toBeCloseTo(found[t], 9)
          }
        }
      }),
    )
  })

  it('does not see a gap at night once closes are given', () => {
    const gap = { high: Float64Array.of(10.1, 12.12), low: Float64Array.of(10, 12) }
    expect(corwinSchultz(gap)[1]).toBe(0)
    const flat = { high: Float64Array.of(10.1, 10.1), low: Float64Array.of(10, 10) }
    for (const rate of [1, 1.2, 0.8]) {
      const second = { high: Float64Array.of(10.1, 10.1 * rate), low: Float64Array.of(10, 10 * rate) }
      const close = Float64Array.of(rate > 1 ? 10 : 10.1, 10 * rate)
      expect(corwinSchultz({ ...second, close })[1]).toBeCloseTo(corwinSchultz(flat)[1], 12)
    }
  })

  it('is missing where a price is', () => {
    const spreads = corwinSchultz({
      high: Float64Array.of(10, 10, missing, 10, 10, 9, 10),
      low: Float64Array.of(9, 9, 9, 9, 9, 10, 0),
    })
    expect([...spreads.keys()].filter((t) => Number.isNaN(spreads[t]))).toEqual([0, 2, 3, 5, 6])
  })

  it('is a mean only of half a window or more', () => {
    const few = { high: Float64Array.of(10, 10, 10), low: Float64Array.of(9, 9, 9) }
    expect(corwinSchultzBps(few, 5)).toBeNaN()
    expect(corwinSchultzBps(few, 4)).toBeCloseTo(1e4 * corwinSchultz(few)[2], 9)
    expect(corwinSchultzBps({ high: new Float64Array(0), low: new Float64Array(0) })).toBeNaN()
  })

  it('refuses columns of different lengths and a window that is none', () => {
    expect(() => corwinSchultz({ high: new Float64Array(2), low: new Float64Array(3) })).toThrow(/2 highs, 3 lows/)
    expect(() => corwinSchultzBps({ high, low }, 0)).toThrow(/Window 0/)
  })
})

describe('a spread by liquidity', () => {
  it('falls from 10 to 1 bp as more is traded', () => {
    const spreads = [0, 9_999_999, 10_000_000, 5e7, 2e8, 1e9, 1e12].map(bucketSpreadBps)
    expect(spreads).toEqual([10, 10, 7, 4, 2, 1, 1])
    for (const [i, bucket] of LIQUIDITY_BUCKETS.slice(1).entries()) {
      expect(bucket.fromDollars).toBeLessThan(LIQUIDITY_BUCKETS[i].fromDollars)
      expect(bucket.spreadBps).toBeGreaterThan(LIQUIDITY_BUCKETS[i].spreadBps)
    }
  })

  it('is missing without a value traded', () => expect(bucketSpreadBps(missing)).toBeNaN())
})
