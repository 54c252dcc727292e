import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedAlphaBps } from '../../../../shared/domain/costs/expected-alpha.ts'
import { judgeNetAlpha, type TradeCase } from '../../../../shared/domain/costs/net-alpha.ts'

const trade: TradeCase = {
  side: 'buy',
  expectedAlphaBps: 30,
  costInBps: 8,
  costOutBps: 10,
  exitProbability: 0.25,
  minEdgeBps: 5,
}

describe('the net-alpha filter', () => {
  it('trades what earns more than it costs, and shows the arithmetic', () => {
    expect(judgeNetAlpha(trade)).toEqual({
      verdict: 'trade',
      reason: 'edge',
      grossAlphaBps: 30,
      costInBps: 8,
      costOutBps: 10,
      exitProbability: 0.25,
      netAlphaBps: 19.5,
      minEdgeBps: 5,
    })
  })

  it('suppresses an edge that is not above the least one', () => {
    const suppressed = { verdict: 'suppressed', reason: 'too-little-edge' }
    expect(judgeNetAlpha({ ...trade, minEdgeBps: 19.5 })).toMatchObject(suppressed)
    expect(judgeNetAlpha({ ...trade, expectedAlphaBps: 15.5 })).toMatchObject({ ...suppressed, netAlphaBps: 5 })
    expect(judgeNetAlpha({ ...trade, minEdgeBps: 19.4 }).verdict).toBe('trade')
  })

  it('takes an expected loss as the gain of a sell', () => {
    const sell = { ...trade, side: 'sell' } as const
    expect(judgeNetAlpha({ ...sell, expectedAlphaBps: -30 })).toMatchObject({ verdict: 'trade', grossAlphaBps: 30 })
    expect(judgeNetAlpha(sell)).toMatchObject({ verdict: 'suppressed', grossAlphaBps: -30, netAlphaBps: -40.5 })
    expect(Object.is(judgeNetAlpha({ ...sell, expectedAlphaBps: 0 }).grossAlphaBps, 0)).toBe(true)
  })

  it.each(['risk-reducing', 'forced-exit'] as const)('lets a %s order pass, whatever it costs', (bypass) => {
    const verdict = judgeNetAlpha({ ...trade, side: 'sell', expectedAlphaBps: Number.NaN, bypass })
    expect(verdict).toMatchObject({ verdict: 'bypass', reason: bypass, costInBps: 8, netAlphaBps: Number.NaN })
  })

  it('does not trade on what it does not know', () => {
    const unknown = { expectedAlphaBps: Number.NaN }
    expect(judgeNetAlpha({ ...trade, ...unknown })).toMatchObject({
      verdict: 'suppressed',
      reason: 'no-expected-alpha',
    })
    expect(judgeNetAlpha({ ...trade, costInBps: Number.NaN })).toMatchObject({ reason: 'no-cost-estimate' })
    expect(judgeNetAlpha({ ...trade, costOutBps: Number.NaN })).toMatchObject({ reason: 'no-cost-estimate' })
  })

  it('never trades dearer what it would not trade cheaper', () => {
    const bps = fc.double({ min: 0, max: 200, noNaN: true })
    fc.assert(
      fc.property(bps, bps, bps, bps, fc.double({ min: 0, max: 1, noNaN: true }), (alpha, cheap, dear, out, p) => {
        const judged = (costInBps: number, exitProbability: number) =>
          judgeNetAlpha({ ...trade, expectedAlphaBps: alpha, costInBps, costOutBps: out, exitProbability }).verdict
        if (judged(cheap + dear, 1) === 'trade') expect(judged(cheap, p)).toBe('trade')
      }),
    )
  })

  it.each([
    [{ costInBps: -1 }, /Cost -1/],
    [{ costOutBps: Number.POSITIVE_INFINITY }, /Cost Infinity/],
    [{ exitProbability: 1.1 }, /Exit probability 1.1/],
    [{ exitProbability: Number.NaN }, /Exit probability NaN/],
    [{ minEdgeBps: Number.NaN }, /Least edge NaN/],
  ])('refuses %j', (change, message) => expect(() => judgeNetAlpha({ ...trade, ...change })).toThrow(message))
})

describe('expected alpha', () => {
  it('is volatility times IC times score, over 21 sessions', () => {
    // 0.03 × (2 % × √21 = 9.16515 %) × 1.5
    expect(expectedAlphaBps(1.5, 0.02)).toBeCloseTo(41.24318, 5)
    expect(expectedAlphaBps(-1.5, 0.02)).toBeCloseTo(-41.24318, 5)
    expect(expectedAlphaBps(1, 0.02, 0.06)).toBeCloseTo(54.99091, 5)
    expect(expectedAlphaBps(2, 0)).toBe(0)
  })

  it('is missing without a score or a volatility', () => {
    expect(expectedAlphaBps(Number.NaN, 0.02)).toBeNaN()
    expect(expectedAlphaBps(1, Number.NaN)).toBeNaN()
  })

  it('refuses an information coefficient or a deviation that is none', () => {
    expect(() => expectedAlphaBps(1, 0.02, 1.2)).toThrow(/Information coefficient 1.2/)
    expect(() => expectedAlphaBps(1, 0.02, Number.NaN)).toThrow(RangeError)
    expect(() => expectedAlphaBps(1, -0.02)).toThrow(/Daily deviation -0.02/)
  })
})
