import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditionalValueAtRisk } from '../../../../shared/domain/risk/conditional-value-at-risk.ts'
import { historicalValueAtRisk } from '../../../../shared/domain/risk/value-at-risk.ts'
import { expectNumber } from '../performance/reference.ts'

/** −1 %, −2 %, … to −count %, mixed up. */
const losses = (count: number) => Array.from({ length: count }, (_, i) => -(((i * 17) % count) + 1) / 100)

describe('value at risk', () => {
  it('is a percentile between neighbours, its conditional the mean of the worst', () => {
    // 21 losses: the 5th percentile is the second worst, and the worst two count.
    expectNumber(historicalValueAtRisk(losses(21)), -0.2)
    expectNumber(conditionalValueAtRisk(losses(21)), -0.205)
    expectNumber(historicalValueAtRisk(losses(20)), -0.1905)
    expectNumber(conditionalValueAtRisk(losses(20)), -0.2)
    expectNumber(historicalValueAtRisk(losses(20), 0.5), -0.105)
  })

  it('drops missing returns and is undefined without one', () => {
    expectNumber(historicalValueAtRisk([Number.NaN, -0.1, Number.NaN]), -0.1)
    expectNumber(conditionalValueAtRisk([Number.NaN, -0.1, Number.NaN]), -0.1)
    expect([historicalValueAtRisk([Number.NaN]), conditionalValueAtRisk([])]).toEqual([undefined, undefined])
  })

  it('falls with the tail, and the conditional one never lies above it', () => {
    const returns = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 100 })
    const tail = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(returns, tail, tail, (values, a, b) => {
        const [rare, common] = [Math.min(a, b), Math.max(a, b)]
        expect(historicalValueAtRisk(values, rare)).toBeLessThanOrEqual(historicalValueAtRisk(values, common)!)
        expect(conditionalValueAtRisk(values, a)).toBeLessThanOrEqual(historicalValueAtRisk(values, a)! + 1e-15)
        expect(conditionalValueAtRisk(values, 1)).toBeCloseTo(values.reduce((x, y) => x + y, 0) / values.length, 12)
      }),
    )
  })
})
