import { describe, expect, it } from 'vitest'
import { mandateSchema } from '../../../../../shared/domain/mandate/mandate.ts'
import { addDays, session } from '../../../../../shared/domain/market/session.ts'
import {
  type DatedRatios,
  fundamentalScore,
} from '../../../../../shared/domain/signals/fundamental/fundamental-score.ts'
import { AS_OF, RATIOS, reference } from '../../universe/reference-market.ts'

const RULES = mandateSchema.parse({}).signals.fundamental
const WHOLE: DatedRatios = {
  asOf: AS_OF,
  trailingPe: 20,
  dividendYield: 0.02,
  returnOnEquity: 0.1,
  debtToEquity: 0.5,
  currentRatio: 1.5,
}
const score = (ratios: DatedRatios | undefined) => fundamentalScore('A', ratios, AS_OF, RULES)
const partsOf = (change: Partial<DatedRatios>) => {
  const found = score({ ...WHOLE, ...change })
  return Object.fromEntries('parts' in found ? found.parts.map((part) => [part.name, part.score]) : [])
}

describe('the fundamental score', () => {
  it('of the reference market is what was computed apart', () => {
    for (const { symbol, fundamental } of reference.signals) {
      const found = fundamentalScore(symbol, RATIOS.get(symbol), AS_OF, RULES)
      if (fundamental === null) expect(found.score, symbol).toBeUndefined()
      else {
        expect(found.score, symbol).toBeCloseTo(fundamental.score, 10)
        expect(found).toHaveProperty('coverage', expect.closeTo(fundamental.coverage, 10))
      }
    }
  })

  it('scores each ratio by its own formula, held within 0 and 100', () => {
    expect(partsOf({})).toEqual({
      priceToEarnings: 50,
      dividendYield: 60,
      returnOnEquity: expect.closeTo(43.3, 10),
      debtToEquity: 70,
      currentRatio: 80,
    })
    expect(
      partsOf({ trailingPe: 1e4, dividendYield: 0.2, returnOnEquity: -3, debtToEquity: 9, currentRatio: 60 }),
    ).toEqual({ priceToEarnings: 0, dividendYield: 100, returnOnEquity: 0, debtToEquity: 0, currentRatio: 0 })
  })

  it.each([
    ['priceToEarnings', { trailingPe: -12 }],
    ['priceToEarnings', { trailingPe: 0 }],
    ['debtToEquity', { debtToEquity: -4 }],
    ['dividendYield', { dividendYield: -0.01 }],
    ['currentRatio', { currentRatio: -1 }],
    ['returnOnEquity', { returnOnEquity: Number.NaN }],
    ['returnOnEquity', { returnOnEquity: undefined }],
  ])('takes a %s that means nothing for missing: %o', (name, change) => {
    expect(partsOf(change)).not.toHaveProperty(name)
    expect(Object.keys(partsOf(change))).toHaveLength(4)
  })

  it('is the mean of the ratios that there are, not of middling ones for those that are not', () => {
    const found = score({ asOf: AS_OF, trailingPe: 20, returnOnEquity: 0.1 })
    expect(found.score).toBeCloseTo((0.3 * 50 + 0.25 * 43.3) / 0.55, 10)
    expect(found).toMatchObject({ coverage: expect.closeTo(0.55, 10), evidence: { ratiosOf: AS_OF } })
  })

  it('is none with less than the demanded share of the weight, and says what is missing', () => {
    expect(score({ asOf: AS_OF, trailingPe: -1, dividendYield: 0.02, currentRatio: 1 })).toEqual({
      symbol: 'A',
      score: undefined,
      reason:
        '30 % of the weight could be applied, expected at least 50 %; priceToEarnings: -1 has no meaning, returnOnEquity: not given, debtToEquity: not given',
    })
  })

  it('is none of ratios that are stale, of a later date, or not there', () => {
    const aged = (days: number) => score({ ...WHOLE, asOf: addDays(AS_OF, -days) })
    expect(aged(120).score).toBeDefined()
    expect(aged(121)).toEqual({
      symbol: 'A',
      score: undefined,
      reason: 'ratios of 2024-02-07 are 121 days old, expected at most 120',
    })
    expect(score({ ...WHOLE, asOf: session('2024-06-10') })).toMatchObject({ reason: 'no ratios' })
    expect(score(undefined)).toEqual({ symbol: 'A', score: undefined, reason: 'no ratios' })
  })
})
