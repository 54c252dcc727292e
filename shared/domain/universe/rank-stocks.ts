import type { Mandate } from '../mandate/mandate.ts'
import type { BarSeries } from '../market/bar.ts'
import type { Session } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import { mean } from '../statistics/mean.ts'
import { winsorise } from '../statistics/winsorise.ts'
import { zScores } from '../statistics/z-scores.ts'
import { isRankable } from './apply-filters.ts'
import { factorMeasures } from './factor-measures.ts'
import type { Member } from './member.ts'
import { FACTORS, type Factor, type RankedStock } from './ranked-stock.ts'

type Rules = Mandate['factors']
type Values = Readonly<Record<Factor, number>>

/** The usual reading of the RSI (Wilder 1978). */
const OVERSOLD = 30
const OVERBOUGHT = 70

/**
 * Ranks the members that may be ranked by what was known at the session's close, best first. Each factor's values are winsorised and
 * turned into cross-sectional z-scores (sample deviation; all 0 when they are equal); the score is their weighted mean. A factor that a
 * stock has no value of (NaN: too short a history) has no say in its score, and the weights of the others are divided by their sum. A
 * stock without any factor is left out.
 *
 * Momentum is the mean over its windows and needs all of them: a mean over fewer months is no like number. The signal of the RSI is
 * winsorised too, so one that is given to fewer than so many names is drawn in with them instead of towering over every other factor.
 * @param bars total-return adjusted, by symbol; bars after `asOf` count for nothing.
 */
export function rankStocks(
  members: readonly Member[],
  bars: ReadonlyMap<string, BarSeries>,
  asOf: Session,
  rules: Rules,
): RankedStock[] {
  const stocks = members
    .filter(isRankable)
    // In one order, so that rounding is the same whatever order they are listed in.
    .sort((a, b) => bySymbol(a.listing, b.listing))
    .flatMap(({ listing, status }) => {
      const series = bars.get(listing.symbol)
      if (!series) return []
      const measures = factorMeasures(series, tradingCalendar(listing.calendar), asOf, rules)
      return [{ listing, observed: status === 'observed', measures, values: valuesOf(measures, rules) }]
    })
  const limits = { lower: rules.winsorise, upper: 1 - rules.winsorise }
  const columns = FACTORS.map((factor) =>
    zScores(
      winsorise(
        stocks.map(({ values }) => values[factor]),
        limits,
      ),
    ),
  )
  return stocks
    .map(({ listing: { symbol, sector }, ...stock }, i) => {
      const zs = Object.fromEntries(FACTORS.map((factor, j) => [factor, columns[j][i]])) as Record<Factor, number>
      return { symbol, sector, ...stock, zScores: zs, score: scoreOf(zs, rules.weights) }
    })
    .filter(({ score }) => !Number.isNaN(score))
    .sort((a, b) => b.score - a.score || bySymbol(a, b))
    .map((stock, i, { length }) => ({ ...stock, rank: i + 1, quintile: Math.floor((5 * i) / length) + 1 }))
}

/** Fewer cannot be compared with each other. */
const FEWEST = 2
const REASONS_QUOTED = 3

/** Why a ranking is none, quoting the first names that are not in it; undefined when it is one. */
export function rankingShortfall(ranking: readonly RankedStock[], members: readonly Member[]): string | undefined {
  if (ranking.length >= FEWEST) return undefined
  const ranked = new Set(ranking.map(({ symbol }) => symbol))
  const missing = members.filter(({ listing }) => !ranked.has(listing.symbol))
  const quoted = missing.slice(0, REASONS_QUOTED).map(({ listing, reasons }) => {
    return `${listing.symbol}: ${reasons.join(', ') || 'no factor can be computed'}`
  })
  const more = missing.length > quoted.length ? [`and ${missing.length - quoted.length} more`] : []
  const found = `${ranking.length} of ${members.length} stocks can be ranked, expected at least ${FEWEST}`
  return [found, ...quoted, ...more].join('; ')
}

function valuesOf({ momentum, volatility, rsi, sharpe }: RankedStock['measures'], rules: Rules): Values {
  return {
    momentum: mean(Object.values(momentum)),
    lowVolatility: 0 - volatility,
    rsi: rsiValue(rsi, rules.rsiScores),
    sharpe,
  }
}

/** Below 30 a rebound is expected, above 70 a setback. */
function rsiValue(rsi: number, { oversold, neutral, overbought }: Rules['rsiScores']): number {
  if (Number.isNaN(rsi)) return rsi
  if (rsi < OVERSOLD) return oversold
  return rsi > OVERBOUGHT ? overbought : neutral
}

function scoreOf(zs: Values, weights: Rules['weights']): number {
  let score = 0
  let present = 0
  for (const factor of FACTORS) {
    if (Number.isNaN(zs[factor])) continue
    score += weights[factor] * zs[factor]
    present += weights[factor]
  }
  return score / present
}

function bySymbol(a: { readonly symbol: string }, b: { readonly symbol: string }): number {
  return a.symbol < b.symbol ? -1 : 1
}
