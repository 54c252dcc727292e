import { describe, expect, it } from 'vitest'
import { bollingerBands } from '../../../../shared/domain/indicators/bollinger-bands.ts'
import { cci } from '../../../../shared/domain/indicators/cci.ts'
import { historicalVolatility } from '../../../../shared/domain/indicators/historical-volatility.ts'
import { mfi } from '../../../../shared/domain/indicators/mfi.ts'
import { rsi } from '../../../../shared/domain/indicators/rsi.ts'
import { sma } from '../../../../shared/domain/indicators/sma.ts'
import { standardDeviation } from '../../../../shared/domain/indicators/standard-deviation.ts'
import { trueRange } from '../../../../shared/domain/indicators/true-range.ts'
import { vwap } from '../../../../shared/domain/indicators/vwap.ts'
import { wma } from '../../../../shared/domain/indicators/wma.ts'

const column = (...values: number[]) => Float64Array.from(values)
const last = (values: Float64Array) => values[values.length - 1]

describe('deviations', () => {
  it('of ticks of a millionth on a price of 100,000 are right to twelve digits', () => {
    const prices = Float64Array.from({ length: 200 }, (_, i) => 100_000 + (i % 2) * 2 ** -20)
    for (const found of standardDeviation(prices, 20).subarray(19)) expect(found / 2 ** -21).toBeCloseTo(1, 12)
  })

  it('of a flat window are exactly 0, whatever came before', () => {
    const prices = Float64Array.from({ length: 60 }, (_, i) => (i < 20 ? 0.1 * i ** 5 : 0.1))
    expect(last(standardDeviation(prices, 7))).toBe(0)
    expect(last(cci(prices, prices, prices, 7))).toBe(0)
    expect(last(historicalVolatility(prices, 7, 252))).toBe(0)
    const { upper, middle, lower } = bollingerBands(prices, 7, 2)
    expect([last(upper), last(middle), last(lower)]).toEqual([0.1, 0.1, 0.1])
  })

  it('are those of prices of a hundred-millionth too', () => {
    const prices = column(24, 24, 23, 24, 23)
    const tiny = prices.map((price) => price * 1e-8)
    expect(last(standardDeviation(tiny, 5)) / 1e-8).toBeCloseTo(last(standardDeviation(prices, 5)), 9)
    expect(last(rsi(tiny, 3))).toBeCloseTo(last(rsi(prices, 3)), 9)
  })
})

describe('running sums', () => {
  it('forget a wrong tick once it has left', () => {
    const prices = Float64Array.from({ length: 50 }, (_, i) => (i === 11 ? 1e15 : 100 + (i % 3)))
    expect(last(sma(prices, 9))).toBe(101)
    expect(last(wma(prices, 6))).toBeCloseTo(last(wma(prices.subarray(20), 6)), 12)
  })

  it('do not drift over a million values', () => {
    const prices = Float64Array.from({ length: 1_000_000 }, (_, i) => 0.1 + (i % 7) * 1e5)
    const exact = 0.1 + 3e5
    expect(last(sma(prices, 7))).toBeCloseTo(exact, 9)
    expect(last(sma(prices, 14_000))).toBeCloseTo(exact, 6)
  })

  it('of money flow are exactly 0 when nothing is traded', () => {
    const prices = Float64Array.from({ length: 60 }, (_, i) => 100 + 0.1 * (i % 7))
    const volume = Float64Array.from({ length: 60 }, (_, i) => (i < 40 ? 1234.5 : 0))
    expect(last(mfi(prices, prices, prices, volume, 14))).toBe(0)
  })
})

describe('vwap', () => {
  it('starts anew with the session, and is undefined until something is traded', () => {
    const session = column(1, 1, 1, 2, 2)
    const price = column(10, 12, 14, 20, 22)
    expect(vwap(session, price, price, price, column(0, 1, 3, 0, 5))).toEqual(
      column(Number.NaN, 12, 13.5, Number.NaN, 22),
    )
  })

  it('is empty for the rest of a session that lacks a number', () => {
    const price = column(10, Number.NaN, 14, 20)
    expect(vwap(column(1, 1, 1, 2), price, price, price, column(1, 1, 1, 1))).toEqual(
      column(10, Number.NaN, Number.NaN, 20),
    )
  })
})

describe('historical volatility', () => {
  // Log returns ln 1.1, ln 0.9 and 0: sample deviation 0.10011145 by hand, times √252.
  it('is the sample deviation of log returns a year', () => {
    const [a, b] = [Math.log(1.1), Math.log(0.9)]
    const mean = (a + b) / 3
    const variance = ((a - mean) ** 2 + (b - mean) ** 2 + mean ** 2) / 2
    expect(last(historicalVolatility(column(100, 110, 99, 99), 3, 252))).toBeCloseTo(Math.sqrt(252 * variance), 12)
  })

  it('is undefined around a price that is not above 0', () => {
    const found = historicalVolatility(column(1, 2, 0, 2, 3, 4), 2, 1)
    expect([...found].map(Number.isNaN)).toEqual([true, true, true, true, true, false])
  })
})

it('columns of different lengths are refused', () => {
  expect(() => trueRange(column(1, 2), column(1), column(1, 2))).toThrow('Columns of 2, 1, 2 rows')
})
