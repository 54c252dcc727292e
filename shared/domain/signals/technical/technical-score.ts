import type { Mandate } from '../../mandate/mandate.ts'
import type { BarSeries } from '../../market/bar.ts'
import { rowAtOrAfter } from '../../market/row-at-or-after.ts'
import { DAY_MS, type Session, sessionToMs } from '../../market/session.ts'
import type { ComponentScore } from '../signal.ts'
import { type AppliedRule, weightedScore } from '../weighted-score.ts'
import { bollingerPlace } from './bollinger-place.ts'
import type { Reading } from './leaning.ts'
import { macdBars, macdSide } from './macd-side.ts'
import { trend } from './trend.ts'

type Rules = Mandate['signals']['technical']

/** Sessions to read for that many bars, as some may be missing. */
const SPARE = 1.15

/** How many bars every rule has enough of; more are not looked at, so that the score does not depend on how many were read. */
function barsLookedAt({ trendSessions, macd, bollinger }: Rules): number {
  return Math.max(trendSessions[1], macdBars(macd), bollinger.period)
}

/** How many sessions to read for the technical scores. */
export function technicalLookback(rules: Rules): number {
  return Math.ceil(barsLookedAt(rules) * SPARE)
}

/**
 * The technical score of a stock, 0 to 100, from its ascending daily total-return bars up to a session: trend, side of MACD and place in
 * the Bollinger bands, each scored as bullish, neutral or bearish. A rule with too few bars is left out and the others' weights are
 * divided by their sum; with no rule left there is no score. The evidence holds the numbers behind each rule.
 */
export function technicalScore(
  symbol: string,
  series: BarSeries | undefined,
  asOf: Session,
  rules: Rules,
): ComponentScore {
  const end = series ? rowAtOrAfter(series.at, sessionToMs(asOf) + DAY_MS) : 0
  if (!series || end === 0) return { symbol, score: undefined, reason: 'no bars' }
  const closes = series.close.subarray(Math.max(0, end - barsLookedAt(rules)), end)
  const readings: readonly (readonly [keyof Rules['weights'], Reading | undefined])[] = [
    ['trend', trend(closes, rules.trendSessions)],
    ['macd', macdSide(closes, rules.macd)],
    ['bollinger', bollingerPlace(closes, rules.bollinger)],
  ]
  const applied = readings.map(([name, reading]): AppliedRule => {
    const weight = rules.weights[name]
    if (!reading) return { name, weight, missing: `${closes.length} bars are too few` }
    return { name, weight, value: reading.leaning, score: rules.scores[reading.leaning] }
  })
  const score = weightedScore(symbol, applied)
  if (score.score === undefined) return score
  const evidence = Object.fromEntries(readings.flatMap(([name, reading]) => (reading ? [[name, reading.numbers]] : [])))
  return { ...score, evidence }
}
