import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minimumVariance } from '../../../../../shared/domain/portfolio/construction/minimum-variance.ts'
import { dot, matrixOf, scaled, times } from '../../../../../shared/domain/portfolio/covariance/matrix.ts'
import { sampleCovariance } from '../../../../../shared/domain/portfolio/covariance/sample-covariance.ts'
import { covariances, madeReturns, permuted, shuffled, sumOf } from '../made-covariance.ts'
import { apart, PORTFOLIO_CASES, toMatrix } from '../reference.ts'

describe.each(PORTFOLIO_CASES)('minimum variance of $name', (reference) => {
  const shrunk = toMatrix(reference.ledoitWolf)
  const { total, maxWeight, maxSector, sectors } = reference

  it('is cvxopt’s without caps', () => {
    expect(apart(minimumVariance(shrunk, { total: 1 }).weights, reference.minVarianceShrunk)).toBeLessThan(1e-11)
  })

  it('is cvxopt’s with a cap a name', () => {
    const { weights, unplaced } = minimumVariance(shrunk, { total, maxWeight })
    expect(apart(weights, reference.minVarianceBox)).toBeLessThan(1e-11)
    expect(unplaced).toBe(0)
  })

  it('is cvxopt’s with a cap a sector too', () => {
    const { weights } = minimumVariance(shrunk, { total, maxWeight, maxSector, sectors })
    expect(apart(weights, reference.minVarianceSectors)).toBeLessThan(1e-11)
  })

  it('has cvxopt’s variance on the sample covariance, which may be singular', () => {
    const covariance = toMatrix(reference.sample)
    const { weights } = minimumVariance(covariance, { total: 1 })
    const variance = dot(weights, 0, times(covariance, weights), 0, weights.length)
    expect(variance / reference.minVarianceVariance).toBeCloseTo(1, 10)
  })
})

describe('minimum variance', () => {
  const asked = fc.record({
    total: fc.constantFrom(1, 0.95, 0.5, 0),
    maxWeight: fc.constantFrom(undefined, 0.05, 0.1, 0.25, 1 / 3, 0.5, 1),
    maxSector: fc.constantFrom(undefined, 0.1, 0.2, 0.25, 0.4),
  })

  it('keeps every cap, and what is not placed is what the caps leave no room for', () => {
    fc.assert(
      fc.property(covariances({ singular: true }), asked, (covariance, { total, maxWeight, maxSector }) => {
        const sectors = Array.from({ length: covariance.rows }, (_, i) => `sector ${i % 5}`)
        const { weights, unplaced, kkt } = minimumVariance(covariance, { total, maxWeight, maxSector, sectors })
        expect(kkt).toBeLessThan(1e-11)
        expect(Math.abs(sumOf(weights) + unplaced - total)).toBeLessThan(1e-12)
        const held = new Map<string, number>()
        for (const [i, weight] of weights.entries()) {
          expect(weight).toBeGreaterThanOrEqual(0)
          expect(weight).toBeLessThanOrEqual((maxWeight ?? 1) + 1e-12)
          held.set(sectors[i], (held.get(sectors[i]) ?? 0) + weight)
        }
        for (const sum of held.values()) expect(sum).toBeLessThanOrEqual((maxSector ?? 1) + 1e-12)
        if (unplaced > 0) {
          const full = (i: number) =>
            weights[i] > (maxWeight ?? 1) - 1e-12 || (held.get(sectors[i]) ?? 0) > (maxSector ?? 1) - 1e-12
          expect([...weights.keys()].every(full)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('follows the order of the assets, and does not care for the unit of the covariance', () => {
    fc.assert(
      fc.property(covariances({ singular: false }), fc.nat(1000), (covariance, seed) => {
        const order = shuffled(seed, covariance.rows)
        const { weights } = minimumVariance(covariance, { total: 1, maxWeight: 0.5 })
        const moved = minimumVariance(permuted(covariance, order), { total: 1, maxWeight: 0.5 })
        expect(
          apart(
            moved.weights,
            order.map((i) => weights[i]),
          ),
        ).toBeLessThan(1e-9)
        const yearly = minimumVariance(scaled(covariance, 252), { total: 1, maxWeight: 0.5 })
        expect(apart(yearly.weights, weights)).toBeLessThan(1e-9)
      }),
    )
  })

  it('shares equally among assets that cannot be told apart', () => {
    const twins = matrixOf(3, 3, Float64Array.of(4, 4, 0, 4, 4, 0, 0, 0, 4))
    expect(apart(minimumVariance(twins, { total: 1 }).weights, [0.25, 0.25, 0.5])).toBeLessThan(1e-9)
    const riskless = matrixOf(3, 3, new Float64Array(9))
    expect(apart(minimumVariance(riskless, { total: 0.9 }).weights, [0.3, 0.3, 0.3])).toBeLessThan(1e-9)
  })

  it('holds what does not move, as far as the cap allows', () => {
    const covariance = matrixOf(3, 3, Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0, 4))
    expect(apart(minimumVariance(covariance, { total: 1 }).weights, [0, 1, 0])).toBeLessThan(1e-12)
    const { weights } = minimumVariance(covariance, { total: 1, maxWeight: 0.5 })
    expect(apart(weights, [0.4, 0.5, 0.1])).toBeLessThan(1e-12)
  })

  it('is exact for two hundred assets on fewer rows, with both caps', () => {
    const covariance = sampleCovariance(madeReturns(7, 120, 200))
    const sectors = Array.from({ length: 200 }, (_, i) => `sector ${i % 5}`)
    const { weights, kkt } = minimumVariance(covariance, { total: 0.95, maxWeight: 0.01, maxSector: 0.2, sectors })
    expect(kkt).toBeLessThan(1e-12)
    expect(sumOf(weights)).toBeCloseTo(0.95, 13)
  })

  it('refuses a total that is no fraction, a cap of nothing and caps without sectors', () => {
    const covariance = matrixOf(1, 1, Float64Array.of(1))
    expect(() => minimumVariance(covariance, { total: 1.1 })).toThrow('Total 1.1, expected a fraction')
    expect(() => minimumVariance(covariance, { total: 1, maxWeight: 0 })).toThrow('maxWeight is 0, expected more')
    expect(() => minimumVariance(covariance, { total: 1, maxSector: 0.5 })).toThrow('with no sectors, expected one')
  })
})
