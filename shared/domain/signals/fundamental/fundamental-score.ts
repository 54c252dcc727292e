import type { Mandate } from '../../mandate/mandate.ts'
import { DAY_MS, type Session, sessionToMs } from '../../market/session.ts'
import type { ComponentScore } from '../signal.ts'
import { type AppliedRule, weightedScore } from '../weighted-score.ts'
import { RATIO_RULES, type RatioName, type Ratios } from './ratio-rules.ts'

type Rules = Mandate['signals']['fundamental']

/** A company's ratios and the date that they describe. */
export interface DatedRatios extends Ratios {
  readonly asOf: Session
}

/**
 * The fundamental score of a company, 0 to 100, from its newest ratios at a session. Missing ratios are left out and the others' weights
 * are divided by their sum; ratios older than the mandate allows count as missing, all of them. No score with less than the demanded
 * share of the weight, or with ratios of a later date. The evidence holds the date of the ratios.
 */
export function fundamentalScore(
  symbol: string,
  ratios: DatedRatios | undefined,
  asOf: Session,
  rules: Rules,
): ComponentScore {
  if (!ratios || ratios.asOf > asOf) return { symbol, score: undefined, reason: 'no ratios' }
  const age = (sessionToMs(asOf) - sessionToMs(ratios.asOf)) / DAY_MS
  if (age > rules.maximumAgeDays) {
    const reason = `ratios of ${ratios.asOf} are ${age} days old, expected at most ${rules.maximumAgeDays}`
    return { symbol, score: undefined, reason }
  }
  const names = Object.keys(RATIO_RULES) as RatioName[]
  const applied = names.map((name) => appliedRule(name, ratios, rules.weights[name]))
  const score = weightedScore(symbol, applied, rules.minimumCoverage)
  return score.score === undefined ? score : { ...score, evidence: { ratiosOf: ratios.asOf } }
}

function appliedRule(name: RatioName, ratios: Ratios, weight: number): AppliedRule {
  const rule = RATIO_RULES[name]
  const value = rule.value(ratios)
  if (value === undefined || !Number.isFinite(value)) return { name, weight, missing: 'not given' }
  if (!rule.means(value)) return { name, weight, missing: `${value} has no meaning` }
  return { name, weight, value, score: Math.min(100, Math.max(0, rule.score(value))) }
}
