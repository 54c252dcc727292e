import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyCaps } from '../../../../../shared/domain/portfolio/construction/apply-caps.ts'
import { sumOf } from '../made-covariance.ts'
import { apart } from '../reference.ts'

const weights = (...values: number[]) => Float64Array.from(values)

describe('applying caps', () => {
  it('scales to the total where no cap is met', () => {
    const { weights: held, unplaced } = applyCaps(weights(3, 1), { total: 0.8, maxWeight: 0.7 })
    expect(apart(held, [0.6, 0.2])).toBeLessThan(1e-15)
    expect(unplaced).toBe(0)
  })

  it('clips and spreads in proportion, again where that fills another', () => {
    // 0.5 is cut to 0.35; the 0.15 lift 0.3 to 0.39, cut to 0.35 too; what is left lifts 0.15 and 0.05 to three and one parts of 0.3.
    const { weights: held } = applyCaps(weights(0.5, 0.3, 0.15, 0.05), { total: 1, maxWeight: 0.35 })
    expect(apart(held, [0.35, 0.35, 0.225, 0.075])).toBeLessThan(1e-15)
    expect([held[0], held[1]]).toEqual([0.35, 0.35])
  })

  it('cuts a sector in proportion and spreads its excess over the others', () => {
    const capped = applyCaps(weights(0.4, 0.2, 0.3, 0.1), { total: 1, sectors: ['a', 'a', 'b', 'c'], maxSector: 0.45 })
    expect(apart(capped.weights, [0.3, 0.15, 0.4125, 0.1375])).toBeLessThan(1e-15)
  })

  it('returns what nobody may take, and gives nothing to what had nothing', () => {
    const capped = applyCaps(weights(5, 1, 0), { total: 0.95, maxWeight: 0.3 })
    expect([...capped.weights]).toEqual([0.3, 0.3, 0])
    expect(capped.unplaced).toBeCloseTo(0.35, 15)
    expect(applyCaps(weights(0, 0), { total: 0.5 }).unplaced).toBe(0.5)
    const sector = applyCaps(weights(1, 1, 1), { total: 1, maxSector: 0.3, sectors: ['a', 'a', 'b'] })
    expect(apart(sector.weights, [0.15, 0.15, 0.3])).toBeLessThan(1e-15)
    expect(sector.unplaced).toBeCloseTo(0.4, 15)
  })

  const asked = fc.record({
    parts: fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.double({ min: 0, max: 10, noNaN: true })), {
      minLength: 1,
      maxLength: 20,
    }),
    total: fc.constantFrom(1, 0.95, 0.3, 0),
    maxWeight: fc.constantFrom(undefined, 0.03, 0.05, 0.1, 0.25, 1 / 3),
    maxSector: fc.constantFrom(undefined, 0.1, 0.25, 0.4),
  })

  it('keeps every cap and the total, and is done: caps applied again change nothing', () => {
    fc.assert(
      fc.property(asked, ({ parts, total, maxWeight, maxSector }) => {
        const sectors = parts.map((_, i) => `sector ${i % 4}`)
        const caps = { total, maxWeight, maxSector, sectors }
        const { weights: held, unplaced } = applyCaps(weights(...parts), caps)
        expect(Math.abs(sumOf(held) + unplaced - total)).toBeLessThan(1e-12)
        expect(unplaced).toBeGreaterThanOrEqual(0)
        const full = new Map<string, number>()
        for (const [i, weight] of held.entries()) {
          expect(weight).toBeGreaterThanOrEqual(0)
          expect(weight).toBeLessThanOrEqual(maxWeight ?? 1)
          full.set(sectors[i], (full.get(sectors[i]) ?? 0) + weight)
        }
        for (const sum of full.values()) expect(sum).toBeLessThanOrEqual((maxSector ?? 1) + 1e-12)
        // Only when every asset that may be held is at its cap, or its sector is, does anything stay over.
        if (unplaced > 0) {
          const stuck = (i: number) =>
            parts[i] === 0 || held[i] === maxWeight || (full.get(sectors[i]) ?? 0) > (maxSector ?? 1) - 1e-12
          expect(parts.every((_, i) => stuck(i))).toBe(true)
        }
        const again = applyCaps(held, { ...caps, total: Math.min(total, sumOf(held)) })
        expect(apart(again.weights, held)).toBeLessThan(1e-12)
      }),
      { numRuns: 1000 },
    )
  })

  it('never lowers one below another that began lower, in the same sector', () => {
    fc.assert(
      fc.property(asked, ({ parts, total, maxWeight, maxSector }) => {
        const sectors = parts.map((_, i) => `sector ${i % 4}`)
        const { weights: held } = applyCaps(weights(...parts), { total, maxWeight, maxSector, sectors })
        for (let i = 4; i < parts.length; i++) {
          if (parts[i] >= parts[i - 4]) expect(held[i]).toBeGreaterThanOrEqual(held[i - 4] - 1e-15)
        }
      }),
    )
  })

  it('refuses what is no weight, no fraction or no cap', () => {
    expect(() => applyCaps(weights(1, -1), { total: 1 })).toThrow('Weight -1 at 1, expected 0 or more')
    expect(() => applyCaps(weights(Number.NaN), { total: 1 })).toThrow('Weight NaN at 0')
    expect(() => applyCaps(weights(1), { total: 1.5 })).toThrow('Total 1.5, expected a fraction')
    expect(() => applyCaps(weights(1), { total: 1, maxWeight: -1 })).toThrow('maxWeight is -1')
    expect(() => applyCaps(weights(1), { total: 1, maxSector: 0.2, sectors: [] })).toThrow('with 0 sectors')
  })
})
