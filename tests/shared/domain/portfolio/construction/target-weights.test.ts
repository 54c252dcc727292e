import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inverseVolatility } from '../../../../../shared/domain/portfolio/construction/inverse-volatility.ts'
import { scoreTilt } from '../../../../../shared/domain/portfolio/construction/score-tilt.ts'
import {
  COVARIANCE_METHODS,
  type Construction,
  targetWeights,
} from '../../../../../shared/domain/portfolio/construction/target-weights.ts'
import { matrixOf } from '../../../../../shared/domain/portfolio/covariance/matrix.ts'
import { covariances, permuted, shuffled, sumOf } from '../made-covariance.ts'
import { apart, PORTFOLIO_CASES, toMatrix } from '../reference.ts'

describe('target weights', () => {
  const asked = fc.record({
    covariance: covariances({ singular: false }),
    method: fc.constantFrom('equal', 'score-tilt', ...COVARIANCE_METHODS),
    scores: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 14, maxLength: 14 }),
    invest: fc.constantFrom(1, 0.95, 0.4),
    maxWeight: fc.constantFrom(undefined, 0.05, 0.15, 1 / 3),
    maxSector: fc.constantFrom(undefined, 0.1, 0.25),
  })

  it('sum to one with the cash and keep the caps, whatever the method', () => {
    fc.assert(
      fc.property(asked, ({ covariance, method, scores, invest, maxWeight, maxSector }) => {
        const symbols = Array.from({ length: covariance.rows }, (_, i) => `S${i}`)
        const sectors = symbols.map((_, i) => `sector ${i % 5}`)
        const scored = symbols.map((_, i) => ({
          recommendation: ['buy', 'strong_buy', 'hold'][i % 3],
          score: scores[i],
        }))
        const construction: Construction =
          method === 'equal'
            ? { method }
            : method === 'score-tilt'
              ? { method, scores: scored }
              : { method, covariance }
        const target = targetWeights({ ...construction, symbols, invest, caps: { maxWeight, maxSector, sectors } })
        expect(Math.abs(sumOf(target.weights) + target.cash - 1)).toBeLessThan(1e-12)
        expect(target.residuals.sum).toBeLessThan(1e-12)
        expect(target.cash).toBeGreaterThanOrEqual(0)
        expect(Math.abs(target.cash - (1 - invest) - target.unplaced)).toBeLessThan(1e-12)
        expect(target.notes.length).toBe(target.unplaced > 0 ? 1 : 0)
        for (const sector of new Set(sectors)) {
          const held = target.weights.filter((_, i) => sectors[i] === sector)
          expect(sumOf(held)).toBeLessThanOrEqual((maxSector ?? 1) + 1e-12)
          for (const weight of held) expect(weight >= 0 && weight <= (maxWeight ?? 1) + 1e-12).toBe(true)
        }
        if (method === 'min-variance') expect(target.residuals.kkt).toBeLessThan(1e-8)
        if (method === 'risk-parity') expect(target.residuals.riskParity).toBeLessThan(1e-8)
      }),
      { numRuns: 500 },
    )
  })

  it('says how much could not be placed', () => {
    const target = targetWeights({ method: 'equal', symbols: ['A', 'B', 'C'], invest: 0.95, caps: { maxWeight: 0.05 } })
    expect([...target.weights]).toEqual([0.05, 0.05, 0.05])
    expect(target.cash).toBeCloseTo(0.85, 14)
    expect(target.notes).toEqual(['80 % of the fund could not be placed and stays cash'])
  })

  it('refuse inputs of another length than the symbols', () => {
    const covariance = matrixOf(2, 2, Float64Array.of(1, 0, 0, 1))
    expect(() => targetWeights({ method: 'hrp', symbols: ['A'], covariance })).toThrow(
      'Inputs for 2 assets, expected 1 as there are symbols',
    )
    expect(() => targetWeights({ method: 'equal', symbols: [] })).toThrow('0 assets, expected at least one')
    expect(() => targetWeights({ method: 'equal', symbols: ['A'], invest: 2 })).toThrow('Total 2')
  })
})

describe('inverse volatility', () => {
  it.each(PORTFOLIO_CASES)('is numpy’s for $name', ({ sample, inverseVolatility: theirs }) => {
    expect(apart(inverseVolatility(toMatrix(sample)), theirs)).toBeLessThan(1e-15)
  })

  it('follows the order of the assets', () => {
    fc.assert(
      fc.property(covariances({ singular: true }), fc.nat(1000), (covariance, seed) => {
        const order = shuffled(seed, covariance.rows)
        const weights = inverseVolatility(covariance)
        const moved = inverseVolatility(permuted(covariance, order))
        expect(
          apart(
            moved,
            order.map((i) => weights[i]),
          ),
        ).toBeLessThan(1e-14)
      }),
    )
  })

  it('refuses an asset that does not move', () => {
    expect(() => inverseVolatility(matrixOf(1, 1, Float64Array.of(1e-30)))).toThrow('Asset 0 does not move')
  })
})

describe('score tilt', () => {
  const scored = [
    { recommendation: 'strong_buy', score: 80 },
    { recommendation: 'buy', score: 60 },
    { recommendation: 'hold', score: 55 },
    { recommendation: 'sell', score: Number.NaN },
  ]

  it('weighs by three times the score of a strong buy and twice that of a buy', () => {
    expect(apart(scoreTilt(scored), [240 / 360, 120 / 360, 0, 0])).toBeLessThan(1e-15)
    expect(apart(scoreTilt(scored, { buy: 1, hold: 1 }), [0, 60 / 115, 55 / 115, 0])).toBeLessThan(1e-15)
  })

  it('holds nothing when nothing is to be bought, which is all cash', () => {
    expect([...scoreTilt(scored.slice(2))]).toEqual([0, 0])
    const { cash } = targetWeights({ method: 'score-tilt', symbols: ['A', 'B'], scores: scored.slice(2), invest: 0.95 })
    expect(cash).toBe(1)
  })

  it('refuses a score below zero, and none at all, of what is to be bought', () => {
    expect(() => scoreTilt([{ recommendation: 'buy', score: -1 }])).toThrow('Value -2 at 0, expected 0 or more')
    expect(() => scoreTilt([{ recommendation: 'buy', score: Number.NaN }])).toThrow('Value NaN at 0')
  })
})
