import type { ComponentScore, ScorePart } from './signal.ts'

/** One rule of a component as it turned out for a stock: what it says, or why it says nothing. */
export type AppliedRule = { readonly name: string; readonly weight: number } & (
  | { readonly value: number | string; readonly score: number }
  | { readonly missing: string }
)

/**
 * The score of a component: the mean of the rules that could be applied, by their weights divided by the sum of those, so that a missing
 * rule does not count as a middling one. No score, and the reasons, when less than `minimumCoverage` of all weight could be applied, or
 * none at all. Rules without weight say nothing.
 */
export function weightedScore(symbol: string, rules: readonly AppliedRule[], minimumCoverage = 0): ComponentScore {
  const weighed = rules.filter(({ weight }) => weight > 0)
  const applied = weighed.filter((rule) => 'score' in rule)
  const present = sumOf(applied)
  const coverage = present / sumOf(weighed)
  if (!(coverage > 0 && coverage >= minimumCoverage)) {
    return { symbol, score: undefined, reason: shortfall(weighed, coverage, minimumCoverage) }
  }
  const parts = applied.map(
    ({ name, value, score, weight }): ScorePart => ({ name, value, score, weight: weight / present }),
  )
  return { symbol, score: parts.reduce((sum, { score, weight }) => sum + score * weight, 0), parts, coverage }
}

function shortfall(rules: readonly AppliedRule[], coverage: number, minimumCoverage: number): string {
  if (rules.length === 0) return 'no rule has a weight'
  const missing = rules.flatMap((rule) => ('missing' in rule ? [`${rule.name}: ${rule.missing}`] : [])).join(', ')
  if (coverage === 0) return missing
  return `${percent(coverage)} of the weight could be applied, expected at least ${percent(minimumCoverage)}; ${missing}`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function sumOf(rules: readonly AppliedRule[]): number {
  return rules.reduce((sum, { weight }) => sum + weight, 0)
}
