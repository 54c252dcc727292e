import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  costImpliedWidth,
  goalWeight,
  noTradeBand,
} from '../../../../../shared/domain/portfolio/rebalancing/no-trade-band.ts'

describe('the width that costs imply', () => {
  it('is the cube root of the theorem', () => {
    // γ = 2, w = 5 %, ε = 4 bps: 0.375 × 0.0025 × 0.9025 × 0.0004 = 3.384375e-7, whose cube root is 0.0069688…
    expect(costImpliedWidth(0.05, 0.0004)).toBeCloseTo(0.00696883, 7)
    expect(costImpliedWidth(0.05, 0.0004, 16)).toBeCloseTo(0.00696883 / 2, 7)
  })

  it('is nothing where nothing or all is wanted, and grows with costs', () => {
    expect([costImpliedWidth(0, 0.01), costImpliedWidth(1, 0.01), costImpliedWidth(0.3, 0)]).toEqual([0, 0, 0])
    expect(costImpliedWidth(0.3, 0.002)).toBeGreaterThan(costImpliedWidth(0.3, 0.001))
  })

  it.each([
    [-0.1, 0.001],
    [1.1, 0.001],
    [0.5, -1],
    [0.5, Number.NaN],
  ])('refuses a weight of %d at a cost of %d', (weight, cost) => {
    expect(() => costImpliedWidth(weight, cost)).toThrow(RangeError)
  })
})

describe('the band', () => {
  it('is the wider of the rule’s and the costs’, and never above the cap', () => {
    expect(noTradeBand(0.05, { relative: 0.2, roundTripCost: 0, cap: 1 })).toEqual([0.04, 0.060000000000000005])
    expect(noTradeBand(0.05, { relative: 0.01, roundTripCost: 0.0004, cap: 1 })[1]).toBeCloseTo(0.05696883, 7)
    expect(noTradeBand(0.05, { relative: 0.2, roundTripCost: 0, cap: 0.05 })[1]).toBe(0.05)
    expect(noTradeBand(0, { relative: 0.2, roundTripCost: 0.1, cap: 1 })).toEqual([0, 0])
  })

  it('is left for the target, half-way, or the edge', () => {
    const band = [0.04, 0.06] as const
    expect(goalWeight(0.06, 0.05, band, 'target')).toBeUndefined()
    expect(goalWeight(0.04, 0.05, band, 'target')).toBeUndefined()
    expect(goalWeight(0.07, 0.05, band, 'target')).toBe(0.05)
    expect(goalWeight(0.07, 0.05, band, 'half')).toBeCloseTo(0.06, 12)
    expect(goalWeight(0.07, 0.05, band, 'edge')).toBe(0.06)
    expect(goalWeight(0.01, 0.05, band, 'edge')).toBe(0.04)
  })

  it('holds its target, and a goal is never beyond it', () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fraction,
        fraction,
        fraction,
        fraction,
        fc.constantFrom('target' as const, 'half' as const, 'edge' as const),
        (current, target, relative, roundTripCost, mode) => {
          const band = noTradeBand(target, { relative, roundTripCost, cap: 1 })
          expect(band[0] <= target && target <= band[1]).toBe(true)
          const goal = goalWeight(current, target, band, mode) ?? current
          expect(Math.min(current, target) <= goal && goal <= Math.max(current, target)).toBe(true)
        },
      ),
    )
  })
})
