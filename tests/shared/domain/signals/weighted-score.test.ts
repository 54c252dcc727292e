import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AppliedRule, weightedScore } from '../../../../shared/domain/signals/weighted-score.ts'

const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 10, noNaN: true }))
const rule: fc.Arbitrary<AppliedRule> = fc.oneof(
  fc.record({ name: fc.string(), weight, value: fc.string(), score: fc.double({ min: 0, max: 100, noNaN: true }) }),
  fc.record({ name: fc.string(), weight, missing: fc.string() }),
)

describe('a weighted score', () => {
  it('is the sum of its parts, whose weights sum to one, and lies between the least and the greatest of them', () => {
    fc.assert(
      fc.property(fc.array(rule), (rules) => {
        const found = weightedScore('A', rules)
        if (found.score === undefined) {
          expect(rules.every((one) => one.weight === 0 || 'missing' in one)).toBe(true)
          return
        }
        const { parts, coverage } = found
        expect(parts.reduce((sum, part) => sum + part.weight, 0)).toBeCloseTo(1, 10)
        expect(parts.reduce((sum, part) => sum + part.weight * part.score, 0)).toBeCloseTo(found.score, 9)
        expect(found.score).toBeGreaterThanOrEqual(Math.min(...parts.map(({ score }) => score)) - 1e-9)
        expect(found.score).toBeLessThanOrEqual(Math.max(...parts.map(({ score }) => score)) + 1e-9)
        expect(coverage).toBeGreaterThan(0)
        expect(coverage).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })

  it('is none without a weight', () => {
    expect(weightedScore('A', [{ name: 'x', weight: 0, value: 1, score: 1 }])).toMatchObject({
      reason: 'no rule has a weight',
    })
  })

  it('demands a share of the weight, which is enough when it is met exactly', () => {
    const half: AppliedRule[] = [
      { name: 'x', weight: 2, value: 1, score: 90 },
      { name: 'y', weight: 2, missing: 'not given' },
    ]
    expect(weightedScore('A', half, 0.5).score).toBe(90)
    expect(weightedScore('A', half, 0.51).score).toBeUndefined()
  })
})
