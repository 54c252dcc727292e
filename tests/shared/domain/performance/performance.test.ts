import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alpha, beta } from '../../../../shared/domain/performance/alpha-beta.ts'
import { annualReturn } from '../../../../shared/domain/performance/annual-return.ts'
import { annualVolatility } from '../../../../shared/domain/performance/annual-volatility.ts'
import { calmarRatio } from '../../../../shared/domain/performance/calmar-ratio.ts'
import { cumulativeReturn } from '../../../../shared/domain/performance/cumulative-return.ts'
import { downsideRisk } from '../../../../shared/domain/performance/downside-risk.ts'
import { informationRatio } from '../../../../shared/domain/performance/information-ratio.ts'
import { drawdowns, maxDrawdown } from '../../../../shared/domain/performance/max-drawdown.ts'
import { omegaRatio } from '../../../../shared/domain/performance/omega-ratio.ts'
import { performanceSummary } from '../../../../shared/domain/performance/performance-summary.ts'
import { NEEDED_OBSERVATIONS, reportedMetrics } from '../../../../shared/domain/performance/reported-metrics.ts'
import { sharpeRatio } from '../../../../shared/domain/performance/sharpe-ratio.ts'
import { sortinoRatio } from '../../../../shared/domain/performance/sortino-ratio.ts'
import { tailRatio } from '../../../../shared/domain/performance/tail-ratio.ts'
import { trackingError } from '../../../../shared/domain/performance/tracking-error.ts'
import { winRate } from '../../../../shared/domain/performance/win-rate.ts'
import { conditionalValueAtRisk } from '../../../../shared/domain/risk/conditional-value-at-risk.ts'
import { historicalValueAtRisk } from '../../../../shared/domain/risk/value-at-risk.ts'
import { column, expectNumber, reference } from './reference.ts'

/** On a grid, so that no made series lies just at the deviation that counts as none. */
const oneReturn = fc.integer({ min: -990_000, max: 1_000_000 }).map((millionths) => millionths / 1e6)
const returnsWithGaps = fc.array(fc.oneof({ weight: 5, arbitrary: oneReturn }, fc.constant(Number.NaN)), {
  maxLength: 60,
})
const pairs = fc.array(fc.tuple(oneReturn, oneReturn), { minLength: 3, maxLength: 60 })

describe('performance figures', () => {
  it.each(reference.figures)('agree with numpy on empyrical’s definitions: $name', (given) => {
    const { returns, periodsPerYear, riskFree, minimumAcceptable, expected } = given
    const benchmark = given.benchmark === null ? undefined : column(given.benchmark)
    const summary = performanceSummary(column(returns), { periodsPerYear, riskFree, minimumAcceptable, benchmark })
    for (const [name, found] of Object.entries(summary)) {
      expectNumber(found, expected[name])
      expect(found === undefined || Number.isFinite(found)).toBe(true)
    }
    expect(Object.keys(summary)).toEqual(expect.arrayContaining(Object.keys(expected)))
  })

  it.each(reference.published)('agree with $source: $figure $value', (given) => {
    const { periodsPerYear, figure, minimumAcceptable, threshold } = given
    const returns = column(given.returns)
    const benchmark = given.benchmark && column(given.benchmark)
    const summary = performanceSummary(returns, { periodsPerYear, minimumAcceptable, benchmark })
    const figures: Readonly<Record<string, number | undefined>> = {
      ...summary,
      omega: omegaRatio(returns, threshold),
      downsideRisk: downsideRisk(returns, periodsPerYear, minimumAcceptable),
      jensenAlpha:
        summary.annualReturn! - (summary.beta ?? 0) * (benchmark ? annualReturn(benchmark, periodsPerYear)! : 0),
    }
    expect(Math.abs(figures[figure]! - given.value)).toBeLessThanOrEqual(0.5001 * 10 ** -given.decimals)
  })

  it('are what pen and paper give', () => {
    const returns = [0.1, -0.5, 0.2]
    expectNumber(cumulativeReturn(returns), -0.34)
    expectNumber(maxDrawdown(returns), -0.5)
    expectNumber(omegaRatio(returns), 0.6)
    expectNumber(omegaRatio(returns, 0.1), 1 / 6)
    expectNumber(winRate([0.1, 0, -0.2, 0.3, Number.NaN]), 2 / 3)
    expectNumber(annualReturn([0.1, 0.1], 1), 0.1)
    expectNumber(annualReturn([0.21], 0.5), 0.1)
    // Deviations ±1 % around 1 %: sample deviation √2 %.
    expectNumber(sharpeRatio([0, 0.02], 8), 2)
    expectNumber(sharpeRatio([0, 0.02], 8, 0.01), 0)
    expectNumber(sortinoRatio([-0.01, 0.03], 2), 2)
    expectNumber(calmarRatio([0.5, -0.5], 2), -0.5)
    expectNumber(beta([0.03, 0.01, -0.01], [0.02, 0.01, 0]), 2)
    expectNumber(alpha([0.03, 0.01, -0.01], [0.02, 0.01, 0], 2), 0.99 ** 2 - 1)
    expectNumber(trackingError([0.02, 0.01], [0.01, 0.02], 8), 0.04)
    expectNumber(informationRatio([0.03, 0.02], [0.01, 0.02], 8), 2)
  })

  it('measure drawdowns from the money put in, row by row', () => {
    const found = drawdowns([-0.1, Number.NaN, 0.05, 0.5, -0.2, Number.NaN])
    for (const [row, expected] of [-0.1, -0.1, -0.055, 0, -0.2, -0.2].entries()) expectNumber(found[row], expected)
    expect(maxDrawdown([0.1, 0, 0.2])).toBe(0)
    expect(maxDrawdown([0.1, -1, 3])).toBe(-1)
    expect(maxDrawdown([Number.NaN])).toBeUndefined()
  })

  it('count a missing return as 0 and as time passed, and drop it elsewhere', () => {
    const gaps = [0.1, Number.NaN, -0.05, Number.NaN]
    const there = [0.1, -0.05]
    expect(cumulativeReturn(gaps)).toBe(cumulativeReturn(there))
    expect(annualReturn(gaps, 12)).toBe(annualReturn([0.1, 0, -0.05, 0], 12))
    expect(sharpeRatio(gaps, 12)).toBe(sharpeRatio(there, 12))
    expect(sortinoRatio(gaps, 12)).toBe(sortinoRatio(there, 12))
    expect(cumulativeReturn([Number.NaN])).toBe(0)
    expect(beta([0.1, Number.NaN, 0.3, 0.2], [0.1, 0.2, Number.NaN, 0.3])).toBe(beta([0.1, 0.2], [0.1, 0.3]))
    expect(sortinoRatio([Number.NaN, -0.01], 12)).toBeUndefined()
  })

  it('are undefined rather than wild', () => {
    expect(sharpeRatio([0.001, 0.001 + 1e-16, 0.001], 252, 0.0001)).toBeUndefined()
    expect(sortinoRatio([0.001, 0.001, 0.001], 252, 0.001 + 1e-16)).toBeUndefined()
    expect(informationRatio([0.3, 0.2], [0.2, 0.1], 252)).toBeUndefined()
    expect(beta([0.1, 0.2, 0.3], [0.1, 0.1, 0.1])).toBeUndefined()
    expect(beta([0.1, 0.2, 0.3], [0.3, 0.1 + 0.2, 0.3])).toBeUndefined()
    expect(beta([0.1], [0.2])).toBeUndefined()
    expect(alpha([-3, -1.5], [0.01, -0.01], 2)).toBeUndefined()
    expect(omegaRatio([0.1, 0.2])).toBeUndefined()
    expect(tailRatio([0, 0, 0])).toBeUndefined()
    expect(winRate([0, Number.NaN])).toBeUndefined()
    expect(annualReturn([-1.5, 0.1], 252)).toBeUndefined()
    expect(annualReturn([9], 252 * 4)).toBeUndefined() // beyond what a number can hold
    expect(cumulativeReturn([])).toBeUndefined()
  })

  it('refuse periods that are none, and a benchmark of another length', () => {
    for (const periods of [0, -252, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => performanceSummary([0.1], { periodsPerYear: periods })).toThrow(/periods a year/)
      expect(() => alpha([0.1], [0.1], periods)).toThrow(RangeError)
    }
    expect(() => beta([0.1], [])).toThrow(RangeError)
    expect(() => historicalValueAtRisk([0.1], 1.5)).toThrow(RangeError)
    expect(() => conditionalValueAtRisk([0.1], -0.1)).toThrow(RangeError)
  })

  it('hold their laws', () => {
    fc.assert(
      fc.property(returnsWithGaps, (returns) => {
        const summary = performanceSummary(returns, { periodsPerYear: 252 })
        for (const value of drawdowns(returns)) expect(value >= -1 && value <= 0).toBe(true)
        if (summary.n === 0) return
        expect(summary.cvar95).toBeLessThanOrEqual(summary.var95! + 1e-15)
        expect(summary.maxDrawdown).toBeLessThanOrEqual(Math.min(0, ...returns.filter((r) => !Number.isNaN(r))) + 1e-12)
        expect(summary.maxDrawdown).toBeLessThanOrEqual(summary.cumulativeReturn! + 1e-9)
        expect(Math.sign(summary.calmar ?? 0) * Math.sign(summary.annualReturn ?? 0)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('do not depend on the order of the returns, but drawdowns', () => {
    fc.assert(
      fc.property(returnsWithGaps, (returns) => {
        const forwards = performanceSummary(returns, { periodsPerYear: 252 })
        const backwards = performanceSummary(returns.toReversed(), { periodsPerYear: 252 })
        for (const name of Object.keys(forwards) as (keyof typeof forwards)[]) {
          if (name !== 'maxDrawdown' && name !== 'calmar') {
            expectNumber(backwards[name], forwards[name] ?? null, 1e-9)
          }
        }
      }),
    )
    expect(maxDrawdown([0.5, -0.1, -0.1])).not.toBe(maxDrawdown([-0.1, 0.5, -0.1]))
  })

  it('scale as they should', () => {
    fc.assert(
      fc.property(pairs, fc.double({ min: 0.01, max: 0.9, noNaN: true }), (rows, scale) => {
        const returns = rows.map(([own]) => own)
        const market = rows.map(([, other]) => other)
        const scaled = returns.map((value) => value * scale)
        const deviation = annualVolatility(returns, 1)!
        fc.pre(deviation > 1e-6 && annualVolatility(market, 1)! > 1e-6)
        expectNumber(annualVolatility(scaled, 52), scale * deviation * Math.sqrt(52), 1e-9)
        expectNumber(sharpeRatio(scaled, 52)! / Math.sqrt(52), sharpeRatio(returns, 1)!, 1e-7)
        expectNumber(historicalValueAtRisk(scaled), scale * historicalValueAtRisk(returns)!, 1e-9)
        expect(beta(scaled, market)).toBeCloseTo(scale * beta(returns, market)!, 6)
        expect(beta(market, market)).toBeCloseTo(1, 9)
        expect(alpha(market, market, 12)).toBeCloseTo(0, 9)
        expect(trackingError(returns, market, 12)).toBeCloseTo(trackingError(market, returns, 12)!, 9)
      }),
    )
  })
})

describe('a summary', () => {
  it('is made of the single figures', () => {
    const { returns, benchmark: market } = reference.figures[2]
    const [own, benchmark] = [column(returns), column(market!)]
    const options = { periodsPerYear: 252, riskFree: 0.0001, minimumAcceptable: 0.0002, benchmark }
    expect(performanceSummary(own, options)).toEqual({
      n: 245,
      cumulativeReturn: cumulativeReturn(own),
      annualReturn: annualReturn(own, 252),
      annualVolatility: annualVolatility(own, 252),
      sharpe: sharpeRatio(own, 252, 0.0001),
      sortino: sortinoRatio(own, 252, 0.0002),
      maxDrawdown: maxDrawdown(own),
      calmar: calmarRatio(own, 252),
      omega: omegaRatio(own),
      tailRatio: tailRatio(own),
      var95: historicalValueAtRisk(own),
      cvar95: conditionalValueAtRisk(own),
      winRate: winRate(own),
      alpha: alpha(own, benchmark, 252, 0.0001),
      beta: beta(own, benchmark),
      trackingError: trackingError(own, benchmark, 252),
      informationRatio: informationRatio(own, benchmark, 252),
    })
  })

  it('says nothing of a benchmark where there is none', () => {
    const { alpha, beta, trackingError, informationRatio } = performanceSummary([0.1, -0.1], { periodsPerYear: 12 })
    expect([alpha, beta, trackingError, informationRatio]).toEqual([undefined, undefined, undefined, undefined])
  })
})

describe('reported figures', () => {
  const series = (count: number) => Array.from({ length: count }, (_, i) => (i % 3 === 0 ? -0.01 : 0.012))

  it('are insufficient below 20 returns and say what they rest on from there', () => {
    const few = reportedMetrics([...series(19), Number.NaN], { periodsPerYear: 252 })
    for (const figure of Object.values(few)) expect(figure).toMatchObject({ insufficient: true, needed: 20 })
    expect(few.sharpe).toEqual({ insufficient: true, n: 19, needed: NEEDED_OBSERVATIONS })

    const enough = reportedMetrics(series(20), { periodsPerYear: 52 })
    expect(enough.sharpe).toEqual({ value: sharpeRatio(series(20), 52), n: 20, periodsPerYear: 52 })
    expect(enough.cumulativeReturn).toEqual({ value: cumulativeReturn(series(20)), n: 20, periodsPerYear: 52 })
  })

  it('count pairs where a benchmark is in them', () => {
    const benchmark = series(25).map((value, i) => (i < 10 ? Number.NaN : value / 2))
    const { sharpe, beta } = reportedMetrics(series(25), { periodsPerYear: 252, benchmark })
    expect(sharpe).toMatchObject({ n: 25 })
    expect(beta).toEqual({ insufficient: true, n: 15, needed: 20 })
    expect(reportedMetrics(series(25), { periodsPerYear: 252 }).alpha).toMatchObject({ insufficient: true, n: 0 })
  })

  it('stay undefined where their definition says so, however many the returns', () => {
    const flat = Array.from({ length: 30 }, () => 0.001)
    expect(reportedMetrics(flat, { periodsPerYear: 252 }).sharpe).toEqual({
      value: undefined,
      n: 30,
      periodsPerYear: 252,
    })
  })
})
