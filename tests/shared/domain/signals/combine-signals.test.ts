import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mandateSchema } from '../../../../shared/domain/mandate/mandate.ts'
import { bandOf, countBands } from '../../../../shared/domain/signals/band.ts'
import { absentComponents, combineSignals } from '../../../../shared/domain/signals/combine-signals.ts'
import { fundamentalScore } from '../../../../shared/domain/signals/fundamental/fundamental-score.ts'
import { COMPONENTS, type ComponentScore } from '../../../../shared/domain/signals/signal.ts'
import { technicalScore } from '../../../../shared/domain/signals/technical/technical-score.ts'
import { applyFilters } from '../../../../shared/domain/universe/apply-filters.ts'
import { rankStocks } from '../../../../shared/domain/universe/rank-stocks.ts'
import { AS_OF, BARS, MANDATE, RATIOS, reference } from '../universe/reference-market.ts'

const RULES = mandateSchema.parse({}).signals
const ranking = rankStocks(applyFilters(MANDATE.universe, BARS, AS_OF), BARS, AS_OF, MANDATE.factors)
const symbols = ranking.map(({ symbol }) => symbol)
const technical = symbols.map((symbol) => technicalScore(symbol, BARS.get(symbol), AS_OF, RULES.technical))
const fundamental = symbols.map((symbol) => fundamentalScore(symbol, RATIOS.get(symbol), AS_OF, RULES.fundamental))

describe('the composite', () => {
  it('of the reference market is what pandas finds', () => {
    const signals = combineSignals(ranking, { technical, fundamental }, RULES)
    expect(signals).toHaveLength(reference.signals.length)
    for (const expected of reference.signals) {
      const found = signals.find(({ symbol }) => symbol === expected.symbol)!
      expect(found.score).toBeCloseTo(expected.score, 10)
      expect(found.zScore).toBeCloseTo(expected.zScore, 10)
      expect(found.dailyVolatility).toBeCloseTo(expected.dailyVolatility, 12)
      expect(found.band).toBe(expected.band)
    }
  })

  it('carries the ranking of the universe, and why a component is absent', () => {
    const signals = combineSignals(ranking, { technical, fundamental }, RULES)
    const observed = signals.find(({ symbol }) => symbol === 'MIKE')!
    const { rank, quintile } = ranking.find(({ symbol }) => symbol === 'MIKE')!
    expect(observed).toMatchObject({ rank, quintile, observed: true })
    expect(observed.absent).toEqual([
      { component: 'fundamental', reason: 'no ratios' },
      { component: 'sentiment', reason: 'not scored' },
      { component: 'alpha', reason: 'not scored' },
    ])
    expect(observed.contributions).toEqual([{ component: 'technical', score: 72.5, weight: 1, contribution: 72.5 }])
  })

  it('is the sum of its contributions, whose weights sum to one; a stock without any component has none', () => {
    const none = (symbol: string): ComponentScore => ({ symbol, score: undefined, reason: 'none' })
    const maybe = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined })
    const scored = (given: readonly (number | undefined)[]) =>
      given.map(
        (score, i): ComponentScore =>
          score === undefined ? none(symbols[i]) : { symbol: symbols[i], score, parts: [], coverage: 1 },
      )
    const column = fc.array(maybe, { minLength: symbols.length, maxLength: symbols.length })
    fc.assert(
      fc.property(fc.tuple(column, column, column, column), (columns) => {
        const scores = Object.fromEntries(COMPONENTS.map((component, i) => [component, scored(columns[i])]))
        const signals = combineSignals(ranking, scores, RULES)
        const some = symbols.filter((_, i) => columns.some((one) => one[i] !== undefined))
        expect(signals.map(({ symbol }) => symbol).sort()).toEqual(some.sort())
        for (const { contributions, absent, score } of signals) {
          expect(contributions.length + absent.length).toBe(COMPONENTS.length)
          expect(contributions.reduce((sum, one) => sum + one.weight, 0)).toBeCloseTo(1, 10)
          expect(contributions.reduce((sum, one) => sum + one.contribution, 0)).toBeCloseTo(score, 10)
        }
        expect(signals.reduce((sum, { zScore }) => sum + zScore, 0)).toBeCloseTo(0, 8)
        expect(signals.map(({ score }) => score)).toEqual(signals.map(({ score }) => score).sort((a, b) => b - a))
        // Nor does it matter in which order anything comes.
        const reversed = Object.fromEntries(
          COMPONENTS.map((component) => [component, [...scores[component]].reverse()]),
        )
        expect(combineSignals([...ranking].reverse(), reversed, RULES)).toEqual(signals)
      }),
      { numRuns: 50 },
    )
  })

  it('does not look at a component without weight', () => {
    const weights = { ...RULES.weights, sentiment: 0, fundamental: 0 }
    const [first] = combineSignals(ranking, { technical, fundamental }, { ...RULES, weights })
    expect(first.contributions.map(({ component }) => component)).toEqual(['technical'])
    expect(first.absent.map(({ component }) => component)).toEqual(['alpha'])
    expect(absentComponents({ technical, fundamental }, { ...RULES, weights })).toEqual(['alpha'])
  })
})

describe('absent components', () => {
  it('are those that no stock has a score of', () => {
    const none = symbols.map((symbol): ComponentScore => ({ symbol, score: undefined, reason: 'no ratios' }))
    expect(absentComponents({ technical, fundamental }, RULES)).toEqual(['sentiment', 'alpha'])
    expect(absentComponents({ technical, fundamental: none, sentiment: [] }, RULES)).toEqual([
      'fundamental',
      'sentiment',
      'alpha',
    ])
  })
})

describe('a band', () => {
  it.each([
    [100, 'strong_buy'],
    [75, 'strong_buy'],
    [74.99, 'buy'],
    [60, 'buy'],
    [59.99, 'hold'],
    [40, 'hold'],
    [39.99, 'sell'],
    [25, 'sell'],
    [24.99, 'strong_sell'],
    [0, 'strong_sell'],
  ])('of %d is %s', (score, band) => expect(bandOf(score, RULES.bands)).toBe(band))

  it('is not lost to the rounding of a sum', () => {
    expect(bandOf(60 - 1e-13, RULES.bands)).toBe('buy')
  })

  it('is counted by the names of the mandate', () => {
    const bands = (['buy', 'hold', 'hold', 'strong_sell'] as const).map((band) => ({ band }))
    expect(countBands(bands)).toEqual({ strongBuy: 0, buy: 1, hold: 2, sell: 0, strongSell: 1 })
  })
})
