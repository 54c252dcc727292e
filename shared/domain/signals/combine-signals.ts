import type { Mandate } from '../mandate/mandate.ts'
import { instrumentOf } from '../market/instrument.ts'
import { rootOfYear } from '../performance/annualisation.ts'
import { zScores } from '../statistics/z-scores.ts'
import { sessionsPerYear } from '../universe/factor-measures.ts'
import type { RankedStock } from '../universe/ranked-stock.ts'
import { bandOf } from './band.ts'
import { COMPONENTS, type Component, type ComponentScore, type Contribution, type Signal } from './signal.ts'

type Rules = Mandate['signals']

/** The scores of each component; one that was never scored has none. */
export type ScoresByComponent = Readonly<Partial<Record<Component, readonly ComponentScore[]>>>

/**
 * The composite of every ranked stock, best first, ties by symbol: the mean of the components that it has a score of, by their weights
 * divided by the sum of those. What is absent says why. A stock without any component has no signal. Components without weight are not
 * looked at. The volatility is the ranking's own.
 */
export function combineSignals(ranking: readonly RankedStock[], scores: ScoresByComponent, rules: Rules): Signal[] {
  const components = COMPONENTS.filter((component) => rules.weights[component] > 0)
  const bySymbol = components.map((component) => {
    const found = scores[component] ?? []
    return { component, found: new Map(found.map((score) => [score.symbol, score])) }
  })
  const combined = ranking
    .map((stock) => {
      const said = bySymbol.map(({ component, found }) => ({ component, score: found.get(stock.symbol) }))
      const contributions = contributionsOf(said, rules.weights)
      const absent = said.flatMap(({ component, score }) =>
        score?.score === undefined ? [{ component, reason: score?.reason ?? 'not scored' }] : [],
      )
      return { stock, contributions, absent, score: contributions.reduce((sum, one) => sum + one.contribution, 0) }
    })
    .filter(({ contributions }) => contributions.length > 0)
    .sort((a, b) => b.score - a.score || (a.stock.symbol < b.stock.symbol ? -1 : 1))
  const zs = zScores(combined.map(({ score }) => score))
  return combined.map(({ stock, score, contributions, absent }, i) => {
    const { symbol, sector, rank, quintile, observed } = stock
    const made = { symbol, sector, score, band: bandOf(score, rules.bands), zScore: zs[i], contributions, absent }
    return { ...made, rank, quintile, observed, dailyVolatility: dailyVolatility(stock) }
  })
}

function dailyVolatility({ symbol, measures }: RankedStock): number {
  return measures.volatility / rootOfYear(sessionsPerYear(instrumentOf(symbol).calendar))
}

/** The weighed components that no stock has a score of. */
export function absentComponents(scores: ScoresByComponent, rules: Rules): Component[] {
  return COMPONENTS.filter(
    (component) => rules.weights[component] > 0 && !scores[component]?.some(({ score }) => score !== undefined),
  )
}

function contributionsOf(
  said: readonly { readonly component: Component; readonly score: ComponentScore | undefined }[],
  weights: Rules['weights'],
): Contribution[] {
  const present = said.flatMap(({ component, score }) =>
    score?.score === undefined ? [] : [{ component, score: score.score }],
  )
  const sum = present.reduce((total, { component }) => total + weights[component], 0)
  return present.map(({ component, score }) => {
    const weight = weights[component] / sum
    return { component, score, weight, contribution: score * weight }
  })
}
