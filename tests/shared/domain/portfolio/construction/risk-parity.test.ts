import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { riskParity, riskParitySpread } from '../../../../../shared/domain/portfolio/construction/risk-parity.ts'
import { matrixOf, scaled } from '../../../../../shared/domain/portfolio/covariance/matrix.ts'
import { covariances, permuted, shuffled, sumOf } from '../made-covariance.ts'
import { apart, PORTFOLIO_CASES, toMatrix } from '../reference.ts'

describe('risk parity', () => {
  it.each(PORTFOLIO_CASES)('is the root that scipy finds for $name', ({ ledoitWolf, riskParity: theirs }) => {
    expect(apart(riskParity(toMatrix(ledoitWolf)), theirs)).toBeLessThan(1e-13)
  })

  it('gives every asset the same share of the variance, and follows the order of the assets', () => {
    fc.assert(
      fc.property(covariances({ singular: false }), fc.nat(1000), (covariance, seed) => {
        const weights = riskParity(covariance)
        expect(riskParitySpread(covariance, weights)).toBeLessThan(1e-8)
        expect(sumOf(weights)).toBeCloseTo(1, 12)
        expect(weights.every((weight) => weight > 0)).toBe(true)
        const order = shuffled(seed, covariance.rows)
        expect(
          apart(
            riskParity(permuted(covariance, order)),
            order.map((i) => weights[i]),
          ),
        ).toBeLessThan(1e-9)
        expect(apart(riskParity(scaled(covariance, 1e6)), weights)).toBeLessThan(1e-9)
      }),
    )
  })

  it('is inverse volatility for two assets, however close they come to a hedge', () => {
    for (const correlation of [0, 0.9, -0.9, -0.999, -0.999999]) {
      const covariance = matrixOf(2, 2, Float64Array.of(1, 3 * correlation, 3 * correlation, 9))
      expect(apart(riskParity(covariance), [0.75, 0.25])).toBeLessThan(1e-8)
    }
  })

  it('needs Newton’s steps among hedges of many assets, and is exact there too', () => {
    const n = 20
    const values = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n]
      return (i + 1) * (j + 1) * (i === j ? 1 : -0.9999 / (n - 1))
    })
    const covariance = matrixOf(n, n, values)
    const weights = riskParity(covariance)
    expect(riskParitySpread(covariance, weights)).toBeLessThan(1e-9)
    // Equal correlations make risk parity inverse volatility.
    expect(weights[0] / weights[19]).toBeCloseTo(20, 6)
  })

  it('refuses an asset that does not move and a mixture without risk', () => {
    expect(() => riskParity(matrixOf(2, 2, Float64Array.of(1, 0, 0, 0)))).toThrow('Asset 1 does not move')
    const hedged = matrixOf(2, 2, Float64Array.of(1, -1, -1, 1))
    expect(() => riskParity(hedged)).toThrow('a mixture of the assets is without risk')
  })

  it('measures how far contributions are apart', () => {
    const covariance = matrixOf(2, 2, Float64Array.of(1, 0, 0, 4))
    expect(riskParitySpread(covariance, Float64Array.of(0.5, 0.5))).toBeCloseTo(0.6, 12)
  })
})
