import type { Finding } from './quality-rules.ts'

export type Verdict = 'PASS' | 'WARN' | 'FAIL'

/** Below this score data must not be traded on. */
export const FAIL_BELOW = 0.9
/** Below this score somebody should look. */
export const WARN_BELOW = 0.99

export interface QualityCounts {
  /** Bars there should be. */
  readonly expected: number
  /** Bars that passed every rule of severity `error`. */
  readonly good: number
  readonly findings: readonly Finding[]
}

/**
 * Score and verdict of one symbol or, with several, of all together. Score = good bars / expected bars, 1 where nothing
 * was expected. FAIL below 0.90; WARN below 0.99 or with any warning but `zscore` (a large move alone is news, not bad
 * data); else PASS.
 */
export function qualityVerdict(parts: readonly QualityCounts[]): { verdict: Verdict; score: number } {
  const expected = parts.reduce((sum, part) => sum + part.expected, 0)
  const good = parts.reduce((sum, part) => sum + part.good, 0)
  const score = expected === 0 ? 1 : good / expected
  const warned = parts.some(({ findings }) =>
    findings.some(({ rule, severity }) => severity === 'warning' && rule !== 'zscore'),
  )
  if (score < FAIL_BELOW) return { verdict: 'FAIL', score }
  return { verdict: score < WARN_BELOW || warned ? 'WARN' : 'PASS', score }
}
