import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BarSeries, concatBars, sliceBars } from '../../../../shared/domain/market/bar.ts'
import { session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { applyFilters } from '../../../../shared/domain/universe/apply-filters.ts'
import { rankingShortfall, rankStocks } from '../../../../shared/domain/universe/rank-stocks.ts'
import { FACTORS } from '../../../../shared/domain/universe/ranked-stock.ts'
import { AS_OF, BARS, MANDATE, reference } from './reference-market.ts'

const members = applyFilters(MANDATE.universe, BARS, AS_OF)
const ranking = rankStocks(members, BARS, AS_OF, MANDATE.factors)

/** The bars cut off after a session, and with bars of another market put behind them. */
function withFuture(asOf: string, future: (series: BarSeries) => BarSeries): Map<string, BarSeries> {
  const end = sessionToMs(session(asOf))
  return new Map(
    [...BARS].map(([symbol, series]) => {
      const rows = series.at.findLastIndex((at) => at <= end) + 1
      return [symbol, concatBars([sliceBars(series, 0, rows), future(sliceBars(series, rows, series.at.length))])]
    }),
  )
}

describe('the ranking of the reference market', () => {
  it('is the one that pandas finds', () => {
    expect(ranking.map(({ symbol, rank, quintile }) => [symbol, rank, quintile])).toEqual(
      reference.ranking.map(({ symbol, rank, quintile }) => [symbol, rank, quintile]),
    )
    for (const [i, expected] of reference.ranking.entries()) {
      const { measures, values, zScores, score } = ranking[i]
      const close = (found: number, wanted: number | null, name: string) => {
        const label = `${expected.symbol} ${name}`
        if (wanted === null) expect(found, label).toBeNaN()
        else expect(found, label).toBeCloseTo(wanted, 10)
      }
      for (const sessions of Object.keys(measures.momentum)) {
        close(measures.momentum[sessions], expected.measures.momentum[sessions], `momentum ${sessions}`)
      }
      for (const name of ['volatility', 'rsi', 'sharpe'] as const) close(measures[name], expected.measures[name], name)
      for (const factor of FACTORS) {
        close(values[factor], expected.values[factor], factor)
        close(zScores[factor], expected.zScores[factor], `z-score of ${factor}`)
      }
      close(score, expected.score, 'score')
    }
  })

  it('leaves out the factor that a young stock has no value of', () => {
    const young = ranking.find(({ symbol }) => symbol === 'CHAR')!
    expect(young.zScores.momentum).toBeNaN()
    const { lowVolatility, rsi, sharpe } = young.zScores
    expect(young.score).toBeCloseTo((0.25 * lowVolatility + 0.2 * rsi + 0.25 * sharpe) / 0.7, 12)
  })
})

describe('a ranking', () => {
  it('is none of fewer than two stocks, and says why', () => {
    const alone = members.filter(({ listing }) => ['ALFA', 'GOLF', 'HOTE', 'JULI', 'LIMA'].includes(listing.symbol))
    expect(rankingShortfall(rankStocks(alone, BARS, AS_OF, MANDATE.factors), alone)).toBe(
      '1 of 5 stocks can be ranked, expected at least 2; GOLF: 220 sessions of history, expected at least 252; ' +
        'HOTE: median dollar volume 3120763, expected at least 5000000, price 4.80, expected at least 5; ' +
        'JULI: quality 0.871, expected at least 0.9; and 1 more',
    )
    expect(rankingShortfall(ranking, members)).toBeUndefined()
  })

  it('leaves out a stock that no factor can be computed of', () => {
    const without = new Map([...BARS].filter(([symbol]) => symbol !== 'ALFA'))
    expect(rankStocks(members, without, AS_OF, MANDATE.factors)).toHaveLength(ranking.length - 1)
    const weights = { momentum: 0, lowVolatility: 0, rsi: 0, sharpe: 0 }
    expect(rankStocks(members, BARS, AS_OF, { ...MANDATE.factors, weights })).toEqual([])
  })

  it('gives equal stocks equal scores, ties by symbol', () => {
    const [first] = BARS.values()
    const same = new Map([...BARS.keys()].map((symbol) => [symbol, { ...first, symbol }]))
    const tied = rankStocks(members, same, AS_OF, MANDATE.factors)
    expect(tied.map(({ score }) => score)).toEqual(tied.map(() => 0))
    expect(tied.map(({ symbol }) => symbol)).toEqual(tied.map(({ symbol }) => symbol).sort())
  })

  it('does not depend on the order of the listings', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...members], { minLength: members.length }), (shuffled) => {
        expect(rankStocks(shuffled, BARS, AS_OF, MANDATE.factors)).toEqual(ranking)
      }),
      { numRuns: 20 },
    )
  })

  it('is of factors whose z-scores have mean 0 and sample deviation 1', () => {
    for (const factor of FACTORS) {
      const zs = ranking.map(({ zScores }) => zScores[factor]).filter((z) => !Number.isNaN(z))
      expect(zs.reduce((sum, z) => sum + z, 0)).toBeCloseTo(0, 10)
      expect(zs.reduce((sum, z) => sum + z * z, 0) / (zs.length - 1)).toBeCloseTo(1, 10)
    }
  })

  it('has fifths whose sizes differ by one at most', () => {
    const sizes = [1, 2, 3, 4, 5].map((fifth) => ranking.filter(({ quintile }) => quintile === fifth).length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
  })
})

describe('nothing that comes after the session', () => {
  it('changes who is a member or who ranks where', () => {
    const dates = reference.sessions.slice(255, -1)
    fc.assert(
      fc.property(fc.constantFrom(...dates), fc.double({ min: 0.01, max: 100, noNaN: true }), (date, factor) => {
        const asOf = session(date)
        const changed = (series: BarSeries) => ({ ...series, close: series.close.map((close) => close * factor) })
        const found = [(none: BarSeries) => none, changed, (all: BarSeries) => sliceBars(all, 0, 0)].map((future) => {
          const bars = withFuture(date, future)
          const some = applyFilters(MANDATE.universe, bars, asOf)
          return { some, ranked: rankStocks(some, bars, asOf, MANDATE.factors) }
        })
        expect(found[1]).toEqual(found[0])
        expect(found[2]).toEqual(found[0])
      }),
      { numRuns: 25 },
    )
  })

  it('nor does what lies further back than is looked at', () => {
    const first = sessionToMs(session(reference.sessions[20]))
    const cut = new Map(
      [...BARS].map(([symbol, series]) => {
        const start = series.at.findIndex((at) => at >= first)
        return [symbol, sliceBars(series, start, series.at.length)]
      }),
    )
    const some = applyFilters(MANDATE.universe, cut, AS_OF)
    expect(some).toEqual(members)
    expect(rankStocks(some, cut, AS_OF, MANDATE.factors)).toEqual(ranking)
  })
})
