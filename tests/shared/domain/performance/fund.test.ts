import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { incomeYield } from '../../../../shared/domain/performance/income-yield.ts'
import { returnsNetOfFlows, timeWeightedReturn } from '../../../../shared/domain/performance/time-weighted-return.ts'
import { oneWayTurnover } from '../../../../shared/domain/performance/turnover.ts'
import { expectNumber, expectNumbers } from './reference.ts'

describe('returns net of flows', () => {
  // 100 grows to 110, 20 comes in, the 130 shrink to 117, of which 17 go out.
  it('leave out what came in or went out at the end of a day', () => {
    expectNumbers(returnsNetOfFlows([100, 130, 100], [0, 20, -17], 'end'), [0.1, -0.1])
    expectNumber(timeWeightedReturn([100, 130, 100], [0, 20, -17], 'end'), -0.01)
  })

  it('count what came in or went out at the start of a day as invested', () => {
    expectNumbers(returnsNetOfFlows([100, 132, 99], [0, 20, -22], 'start'), [0.1, -0.1])
    expectNumber(timeWeightedReturn([100, 132, 99], [50, 20, -22], 'start'), -0.01)
  })

  it('are missing where something is, and where nothing was invested', () => {
    expectNumbers(returnsNetOfFlows([0, 100, 110, Number.NaN, 120], [0, 100, 0, 0, 0], 'end'), [null, 0.1, null, null])
    expectNumbers(returnsNetOfFlows([0, 110], [0, 100], 'start'), [0.1])
    expectNumbers(returnsNetOfFlows([100, 110], [0, Number.NaN], 'end'), [null])
    expectNumbers(returnsNetOfFlows([-1, 110], [0, 0], 'end'), [null])
    expect(timeWeightedReturn([0, 100, 110], [0, 100, 0], 'end')).toBeUndefined()
    expect(timeWeightedReturn([100], [0], 'end')).toBeUndefined()
    expect(returnsNetOfFlows([], [], 'end')).toHaveLength(0)
    expect(() => returnsNetOfFlows([1, 2], [0], 'end')).toThrow(RangeError)
  })

  it('are those of the assets, whatever the flows and their timing', () => {
    const days = fc.array(
      fc.tuple(fc.double({ min: -0.5, max: 0.5, noNaN: true }), fc.double({ min: -0.5, max: 2, noNaN: true })),
      { minLength: 1, maxLength: 30 },
    )
    fc.assert(
      fc.property(days, fc.constantFrom('start' as const, 'end' as const), (rows, timing) => {
        const values = [1000]
        const flows = [0]
        for (const [gain, moved] of rows) {
          const before = values[values.length - 1]
          const flow = before * (timing === 'start' ? moved : (1 + gain) * moved)
          flows.push(flow)
          values.push(timing === 'start' ? (before + flow) * (1 + gain) : before * (1 + gain) + flow)
        }
        const found = returnsNetOfFlows(values, flows, timing)
        rows.forEach(([gain], i) => {
          expect(found[i]).toBeCloseTo(gain, 9)
        })
        const linked = rows.reduce((growth, [gain]) => growth * (1 + gain), 1) - 1
        expectNumber(timeWeightedReturn(values, flows, timing), linked, 1e-9)
      }),
    )
  })
})

describe('one-way turnover', () => {
  it('is half of what changed hands, cash included', () => {
    expectNumber(oneWayTurnover([1, 0, 0], [0.05, 0.55, 0.4]), 0.95)
    expectNumber(oneWayTurnover([0.05, 0.5, 0.45], [0.05, 0.4, 0.55]), 0.1)
    expect(oneWayTurnover([0.5, Number.NaN], [0.5, 0.5])).toBeNaN()
    expect(() => oneWayTurnover([1], [0.5, 0.5])).toThrow(/the same names/)
  })

  it('lies in [0, 1] for weights that sum to one, and is the same both ways', () => {
    const weights = fc
      .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
      .map((parts) => parts.map((part) => part / parts.reduce((sum, other) => sum + other, 0)))
    fc.assert(
      fc.property(weights, weights, (before, after) => {
        const found = oneWayTurnover(before, after)
        expect(found >= 0 && found <= 1).toBe(true)
        expect(oneWayTurnover(after, before)).toBe(found)
        expect(oneWayTurnover(before, before)).toBe(0)
      }),
    )
  })
})

describe('income yield', () => {
  it('is a year of income over the mean value', () => {
    expectNumber(incomeYield([0, 1, 0, 1, 0, 1], [90, 100, 110, 100, 95, 105], 12), 0.06)
    expect(incomeYield([], [], 12)).toBeUndefined()
    expect(incomeYield([1], [0], 12)).toBeUndefined()
    expect(incomeYield([Number.NaN], [100], 12)).toBeUndefined()
    expect(() => incomeYield([1], [100, 100], 12)).toThrow(RangeError)
    expect(() => incomeYield([1], [100], 0)).toThrow(RangeError)
  })
})
