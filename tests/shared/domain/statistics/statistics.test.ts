import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { correlation, covariance } from '../../../../shared/domain/statistics/covariance.ts'
import { populationDeviation, sampleDeviation } from '../../../../shared/domain/statistics/deviation.ts'
import { alphaOfHalfLife, alphaOfSpan, exponentialMean } from '../../../../shared/domain/statistics/exponential-mean.ts'
import { mean } from '../../../../shared/domain/statistics/mean.ts'
import { observed, observedPairs } from '../../../../shared/domain/statistics/observed.ts'
import { median, quantile } from '../../../../shared/domain/statistics/quantile.ts'
import { ranks } from '../../../../shared/domain/statistics/ranks.ts'
import { sum } from '../../../../shared/domain/statistics/sum.ts'
import { winsorise } from '../../../../shared/domain/statistics/winsorise.ts'
import { zScores } from '../../../../shared/domain/statistics/z-scores.ts'
import { column, expectNumber, expectNumbers, reference } from '../performance/reference.ts'

/** On a grid: squares of what is nearly 0 are 0. */
const number = fc.integer({ min: -1e9, max: 1e9 }).map((thousandths) => thousandths / 1e3)
const numbers = fc.array(number, { minLength: 1, maxLength: 40 })
const withGaps = fc.array(fc.oneof(number, fc.constant(Number.NaN)), { maxLength: 40 })

describe('statistics of a column', () => {
  it.each(reference.columns)('agree with numpy, scipy and pandas: $name', ({ values, expected }) => {
    expectNumber(mean(values), expected.mean)
    expectNumber(sampleDeviation(values), expected.sampleDeviation)
    expectNumber(populationDeviation(values), expected.populationDeviation)
    expectNumber(median(values), expected.median)
    for (const [share, value] of expected.quantiles) expectNumber(quantile(values, share), value)
    expectNumbers(ranks(values), expected.ranks)
    expectNumbers(zScores(values), expected.zScores)
    expectNumbers(winsorise(values, { lower: 0.1, upper: 0.8 }), expected.winsorisedQuantiles)
    expectNumbers(winsorise(values, { deviations: 1.2 }), expected.winsorisedDeviations)
    expectNumbers(winsorise(values, { medianDeviations: 1.5 }), expected.winsorisedMedianDeviations)
    expectNumber(exponentialMean(values, alphaOfSpan(5)), expected.exponentialMeanOfSpan5)
    expectNumber(exponentialMean(values, alphaOfHalfLife(3)), expected.exponentialMeanOfHalfLife3)
  })

  it('agree with numpy and scipy on two columns', () => {
    const { one, other, ...expected } = reference.pair
    expectNumber(covariance(one, other), expected.covariance)
    expectNumber(correlation(one, other), expected.correlation)
    expectNumber(correlation(ranks(one), ranks(other)), expected.rankCorrelation)
  })

  it('are NaN when a value is missing', () => {
    const gap = [1, Number.NaN, 3]
    const whole = [1, 2, 4]
    for (const statistic of [sum, mean, sampleDeviation, populationDeviation, median]) expect(statistic(gap)).toBeNaN()
    expect(quantile(gap, 0)).toBeNaN()
    expect(exponentialMean(gap, 0.5)).toBeNaN()
    expect(covariance(gap, whole)).toBeNaN()
    expect(correlation(whole, gap)).toBeNaN()
  })

  it('keep what plain sums lose', () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2)
    const tenths = Array.from({ length: 1000 }, () => 0.1)
    expect(sum(tenths)).toBe(100)
    expect(sampleDeviation(tenths)).toBeLessThan(1e-17)
    // The mean itself is rounded to the next even number here.
    expect(sampleDeviation([1e16, 1e16 + 2, 1e16 + 2])).toBeCloseTo(Math.sqrt(4 / 3), 12)
    expect(sampleDeviation([1e15 + 1, 1e15 + 2, 1e15 + 3])).toBe(1)
  })

  it('refuse columns of different length, and shares that are none', () => {
    expect(() => covariance([1], [1, 2])).toThrow(RangeError)
    expect(() => observedPairs([1], [1, 2])).toThrow(RangeError)
    expect(() => quantile([1], 1.01)).toThrow(/Share 1.01/)
    expect(() => quantile([1], Number.NaN)).toThrow(RangeError)
    expect(() => exponentialMean([1], 0)).toThrow(/Alpha 0/)
    expect(() => alphaOfSpan(0.5)).toThrow(RangeError)
    expect(() => alphaOfHalfLife(0)).toThrow(RangeError)
  })

  it('have correlations in [−1, 1] that no scale moves, and none without movement', () => {
    expect(correlation([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN()
    expect(correlation([1], [3])).toBeNaN()
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 30 }), (pairs) => {
        const [one, other] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
        const found = correlation(one, other)
        if (Number.isNaN(found)) return
        expect(Math.abs(found)).toBeLessThanOrEqual(1)
        expect(
          correlation(
            one,
            one.map((value) => 3 * value),
          ),
        ).toBeLessThanOrEqual(1)
        expect(correlation(other, one)).toBeCloseTo(found, 9)
        expect(
          correlation(
            one.map((value) => -4 * value),
            other,
          ),
        ).toBeCloseTo(-found, 9)
      }),
    )
  })

  it('have quantiles within the values that rise with the share', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, a, b) => {
          const [low, high] = [quantile(values, Math.min(a, b)), quantile(values, Math.max(a, b))]
          expect(low).toBeLessThanOrEqual(high)
          expect(low).toBeGreaterThanOrEqual(Math.min(...values))
          expect(high).toBeLessThanOrEqual(Math.max(...values))
        },
      ),
    )
  })
})

describe('columns made of columns', () => {
  it('keep missing values missing', () => {
    const values = column(reference.gaps.values)
    expectNumbers(ranks(values), reference.gaps.ranks)
    expectNumbers(zScores(values), reference.gaps.zScores)
    expectNumbers(winsorise(values, { lower: 0, upper: 0.5 }), [2, null, 3.5, 3.5, null, -1])
    expect([...observed(values)]).toEqual([2, 5, 5, -1])
    const [one, other] = observedPairs(values, [1, 2, Number.NaN, 4, 5, 6])
    expect([[...one], [...other]]).toEqual([
      [2, 5, -1],
      [1, 4, 6],
    ])
    const nothing = [Number.NaN, Number.NaN]
    for (const made of [ranks(nothing), zScores(nothing), winsorise(nothing, { lower: 0.1, upper: 0.9 })]) {
      expectNumbers(made, [null, null])
    }
  })

  it('have z-scores of 0 where nothing stands out', () => {
    expect([...zScores([0.3, 0.1 + 0.2, 0.3])]).toEqual([0, 0, 0])
    expect([...zScores([1e-15, 2e-15, 3e-15])].map(Math.round)).toEqual([-1, 0, 1])
    expectNumbers(zScores([7, Number.NaN]), [0, null])
  })

  it('have z-scores of mean 0 and deviation 1, whatever the scale', () => {
    fc.assert(
      fc.property(withGaps, fc.double({ min: 0.01, max: 100, noNaN: true }), (values, scale) => {
        const there = observed(zScores(values))
        expect(there.length).toBe(observed(values).length)
        if (there.every((z) => z === 0)) return
        expect(mean(there)).toBeCloseTo(0, 6)
        expect(sampleDeviation(there)).toBeCloseTo(1, 9)
        expectNumbers(observed(zScores(values.map((value) => value * scale))), [...there], 1e-6)
      }),
    )
  })

  it('have ranks that add up, whatever the ties', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.NaN))), (values) => {
        const there = observed(ranks(values))
        expect(sum(there)).toBe((there.length * (there.length + 1)) / 2)
      }),
    )
  })

  it('are winsorised without leaving the limits or changing the order', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const pulled = winsorise(values, { lower: 0.05, upper: 0.95 })
        const [low, high] = [quantile(values, 0.05), quantile(values, 0.95)]
        values.forEach((value, i) => {
          expect(pulled[i]).toBe(value < low ? low : value > high ? high : value)
        })
      }),
    )
    // More than half of the values are the same: there is no typical distance to count in.
    expect([...winsorise([1, 1, 1, 50], { medianDeviations: 3 })]).toEqual([1, 1, 1, 50])
    expect(() => winsorise([1], { lower: 0.9, upper: 0.1 })).toThrow(/the lower one first/)
    expect(() => winsorise([1], { deviations: 0 })).toThrow(RangeError)
  })
})
