import type { Instant } from './session.ts'

/** What a bar or a series can be blamed for, in the order findings are told. The first seven quarantine the bar. */
export const QUALITY_RULES = [
  'missing_value',
  'non_positive_price',
  'ohlc_inconsistent',
  'spread',
  'negative_volume',
  'duplicate',
  'jump',
  'zscore',
  'gap',
  'unchanged',
  'future',
  'stale',
] as const

export type QualityRule = (typeof QUALITY_RULES)[number]

/** `error`: the bar is quarantined. `warning`: the bar is kept and somebody should know. */
export type Severity = 'error' | 'warning'

export interface Finding {
  readonly symbol: string
  /** The bar's `at`; for `gap` the missing session's date, for `stale` the last bar's. */
  readonly at: Instant
  readonly rule: QualityRule
  readonly severity: Severity
  readonly detail: string
  /** The row of the series it is about; absent for `gap`. */
  readonly position?: number
}

const ERROR_RULES = 7

/** The bit of a rule in a row's mask of reasons. */
export function ruleBit(rule: QualityRule): number {
  return 1 << QUALITY_RULES.indexOf(rule)
}

/** The bits of the rules that quarantine. */
export const ERROR_BITS = (1 << ERROR_RULES) - 1

export function severityOf(rule: QualityRule): Severity {
  return QUALITY_RULES.indexOf(rule) < ERROR_RULES ? 'error' : 'warning'
}

/** The rules whose bits are set, in order. */
export function rulesOf(mask: number): QualityRule[] {
  return QUALITY_RULES.filter((_, bit) => mask & (1 << bit))
}
