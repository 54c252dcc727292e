import { normalised } from './normalised.ts'

/** What a recommendation multiplies its score with; one not named counts 0. */
export type ScoreMultipliers = Readonly<Record<string, number>>

/** Conviction counts, and only what is to be bought is held. */
export const DEFAULT_SCORE_MULTIPLIERS: ScoreMultipliers = { strong_buy: 3, buy: 2 }

export interface Scored {
  readonly recommendation: string
  readonly score: number // 0 or more
}

/**
 * Weights ∝ multiplier of the recommendation × score, one in all, or all 0 when nothing is to be held.
 * @throws RangeError for a product that is negative or missing.
 */
export function scoreTilt(scored: readonly Scored[], multipliers = DEFAULT_SCORE_MULTIPLIERS): Float64Array {
  const tilts = Float64Array.from(scored, ({ recommendation, score }) => {
    const multiplier = Object.hasOwn(multipliers, recommendation) ? multipliers[recommendation] : 0
    return multiplier === 0 ? 0 : multiplier * score
  })
  return tilts.some((tilt) => tilt !== 0) ? normalised(tilts) : tilts
}
