export const COMPONENTS = ['technical', 'fundamental', 'sentiment', 'alpha'] as const
export type Component = (typeof COMPONENTS)[number]

export type Band = 'strong_buy' | 'buy' | 'hold' | 'sell' | 'strong_sell'

/** One rule's say in a component: what was measured, what it scores, how much it weighs among the rules that could be applied. */
export interface ScorePart {
  readonly name: string
  /** The measured number, or the state that it means. */
  readonly value: number | string
  /** 0 to 100 */
  readonly score: number
  /** Of those present; they sum to one. */
  readonly weight: number
}

/** A component's score of a stock, or why there is none. */
export type ComponentScore =
  | {
      readonly symbol: string
      readonly score: number
      readonly parts: readonly ScorePart[]
      /** Share of the rules' weight that could be applied, 0 to 1. */
      readonly coverage: number
      /** What else belongs to the evidence, such as headlines: plain JSON. */
      readonly evidence?: Readonly<Record<string, unknown>>
    }
  | { readonly symbol: string; readonly score: undefined; readonly reason: string }

export interface Contribution {
  readonly component: Component
  readonly score: number
  /** Of the components present; they sum to one. */
  readonly weight: number
  /** score × weight; they sum to the composite. */
  readonly contribution: number
}

/** What the fund thinks of a stock after a session's close. */
export interface Signal {
  readonly symbol: string
  readonly sector: string
  /** 0 to 100 */
  readonly score: number
  readonly band: Band
  /** Cross-sectional z-score of the composite (sample deviation; 0 when all are equal). */
  readonly zScore: number
  readonly contributions: readonly Contribution[]
  /** Components without a score, each with the reason. */
  readonly absent: readonly { readonly component: Component; readonly reason: string }[]
  /** From the universe's ranking. */
  readonly rank: number
  readonly quintile: number
  readonly observed: boolean
  /** Standard deviation of daily total returns as the universe's ranking measured it, not annualised; NaN when too few. */
  readonly dailyVolatility: number
}
