import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { correlationOf } from '../../../../../shared/domain/portfolio/covariance/correlation.ts'
import {
  COVARIANCE_ESTIMATORS,
  estimateCovariance,
} from '../../../../../shared/domain/portfolio/covariance/estimate-covariance.ts'
import { exponentialCovariance } from '../../../../../shared/domain/portfolio/covariance/exponential-covariance.ts'
import { gramMatrix } from '../../../../../shared/domain/portfolio/covariance/gram.ts'
import { ledoitWolfCovariance } from '../../../../../shared/domain/portfolio/covariance/ledoit-wolf.ts'
import { matrixOf, scaled } from '../../../../../shared/domain/portfolio/covariance/matrix.ts'
import { simpleReturns } from '../../../../../shared/domain/portfolio/covariance/simple-returns.ts'
import { madeReturns, permuted, shuffled } from '../made-covariance.ts'
import { apart, PORTFOLIO_CASES, toMatrix } from '../reference.ts'

describe.each(PORTFOLIO_CASES)('covariance of $name', (reference) => {
  const returns = toMatrix(reference.returns)

  it('is numpy’s for the sample', () => {
    expect(apart(estimateCovariance(returns, 'sample').values, reference.sample.flat())).toBeLessThan(1e-17)
  })

  it('is scikit-learn’s for Ledoit and Wolf, shrinkage included', () => {
    const { covariance, shrinkage } = ledoitWolfCovariance(returns)
    expect(apart(covariance.values, reference.ledoitWolf.flat())).toBeLessThan(1e-17)
    expect(shrinkage).toBeCloseTo(reference.shrinkage, 13)
  })

  it('is pandas’ for exponential weights', () => {
    expect(apart(exponentialCovariance(returns).values, reference.exponential.flat())).toBeLessThan(1e-17)
    expect(apart(exponentialCovariance(returns, 12).values, reference.exponentialShort.flat())).toBeLessThan(1e-17)
  })
})

describe.each(COVARIANCE_ESTIMATORS)('%s covariance', (estimator) => {
  const made = fc.record({
    seed: fc.nat(100_000),
    rows: fc.integer({ min: 2, max: 30 }),
    assets: fc.integer({ min: 1, max: 11 }),
  })

  it('grows with the square of the returns', () => {
    fc.assert(
      fc.property(made, fc.constantFrom(0.01, 3, 100), ({ seed, rows, assets }, factor) => {
        const returns = madeReturns(seed, rows, assets)
        const once = estimateCovariance(returns, estimator).values
        const much = estimateCovariance(scaled(returns, factor), estimator).values
        const largest = Math.max(...once)
        expect(
          apart(
            much.map((value) => value / factor ** 2),
            once,
          ),
        ).toBeLessThan(1e-12 * largest)
      }),
    )
  })

  it('follows the order of the assets', () => {
    fc.assert(
      fc.property(made, ({ seed, rows, assets }) => {
        const returns = madeReturns(seed, rows, assets)
        const order = shuffled(seed, assets)
        const moved = matrixOf(
          rows,
          assets,
          returns.values.map((_, at) => returns.values[at - (at % assets) + order[at % assets]]),
        )
        const covariance = estimateCovariance(returns, estimator)
        expect(apart(estimateCovariance(moved, estimator).values, permuted(covariance, order).values)).toBeLessThan(
          1e-15,
        )
      }),
    )
  })

  it('refuses a single row and a missing value', () => {
    expect(() => estimateCovariance(madeReturns(1, 1, 3), estimator)).toThrow('1 rows of returns, expected at least 2')
    const returns = madeReturns(1, 5, 3)
    returns.values[4] = Number.NaN
    expect(() => estimateCovariance(returns, estimator)).toThrow('Returns of asset 1 are not all finite numbers')
  })
})

it('sums long histories as short ones', () => {
  const returns = madeReturns(3, 1100, 5)
  const { values } = gramMatrix(returns)
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 5; j++) {
      let sum = 0
      for (let t = 0; t < 1100; t++) sum += returns.values[t * 5 + i] * returns.values[t * 5 + j]
      expect(values[i * 5 + j]).toBeCloseTo(sum, 14)
    }
  }
})

describe('simple returns', () => {
  it('are price over price before, less one', () => {
    const returns = simpleReturns(matrixOf(3, 2, Float64Array.of(100, 50, 110, 40, 99, 40)))
    expect(returns.rows).toBe(2)
    expect(apart(returns.values, [0.1, -0.2, -0.1, 0])).toBeLessThan(1e-15)
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuse a price of %d', (price) => {
    expect(() => simpleReturns(matrixOf(2, 1, Float64Array.of(1, price)))).toThrow(`Price ${price} in row 1`)
  })
})

describe('correlation', () => {
  it('is exactly one on the diagonal and never beyond it', () => {
    const { values } = correlationOf(matrixOf(2, 2, Float64Array.of(0.3, 0.30000000001, 0.30000000001, 0.3)))
    expect([...values]).toEqual([1, 1, 1, 1])
  })

  it('is refused for an asset that does not move', () => {
    expect(() => correlationOf(matrixOf(2, 2, Float64Array.of(1, 0, 0, 0)))).toThrow('Asset 1 does not move')
  })
})

it('refuses a matrix whose values do not fill it', () => {
  expect(() => matrixOf(2, 2, new Float64Array(3))).toThrow('3 values for a matrix of 2 × 2')
})
