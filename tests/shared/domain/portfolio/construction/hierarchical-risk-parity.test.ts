import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hierarchicalRiskParity } from '../../../../../shared/domain/portfolio/construction/hierarchical-risk-parity.ts'
import { singleLinkageOrder } from '../../../../../shared/domain/portfolio/construction/single-linkage.ts'
import { correlationOf } from '../../../../../shared/domain/portfolio/covariance/correlation.ts'
import { matrixOf } from '../../../../../shared/domain/portfolio/covariance/matrix.ts'
import { covariances, sumOf } from '../made-covariance.ts'
import { apart, PORTFOLIO_CASES, toMatrix } from '../reference.ts'

describe('single linkage', () => {
  it.each(PORTFOLIO_CASES)('orders the leaves as scipy does for $name', ({ sample, hrpOrder }) => {
    const { rows, columns, values } = correlationOf(toMatrix(sample))
    const distances = values.map((correlation) => Math.sqrt((1 - correlation) / 2))
    expect(singleLinkageOrder(matrixOf(rows, columns, distances))).toEqual(hrpOrder)
  })

  it('orders equal distances always the same way, scipy’s', () => {
    expect(singleLinkageOrder(matrixOf(4, 4, new Float64Array(16)))).toEqual([3, 2, 0, 1])
    const ties = Float64Array.of(0, 5, 5, 2, 5, 0, 5, 5, 5, 5, 0, 2, 2, 5, 2, 0)
    expect(singleLinkageOrder(matrixOf(4, 4, ties))).toEqual([1, 2, 0, 3])
    expect(singleLinkageOrder(matrixOf(1, 1, new Float64Array(1)))).toEqual([0])
  })
})

describe('hierarchical risk parity', () => {
  it.each(PORTFOLIO_CASES)('has López de Prado’s weights for $name', ({ sample, hrp }) => {
    expect(apart(hierarchicalRiskParity(toMatrix(sample)), hrp)).toBeLessThan(1e-14)
  })

  it('has weights above zero that sum to one, also of a singular covariance', () => {
    fc.assert(
      fc.property(covariances({ singular: true }), (covariance) => {
        const weights = hierarchicalRiskParity(covariance)
        expect(weights.every((weight) => weight >= 0 && weight <= 1)).toBe(true)
        expect(sumOf(weights)).toBeCloseTo(1, 12)
      }),
    )
  })

  it('is inverse variance without correlation', () => {
    const covariance = matrixOf(3, 3, Float64Array.of(1, 0, 0, 0, 4, 0, 0, 0, 2))
    expect(apart(hierarchicalRiskParity(covariance), [4 / 7, 1 / 7, 2 / 7])).toBeLessThan(1e-15)
  })

  it('refuses an asset that does not move', () => {
    expect(() => hierarchicalRiskParity(matrixOf(2, 2, Float64Array.of(0, 0, 0, 1)))).toThrow('Asset 0 does not move')
  })
})
