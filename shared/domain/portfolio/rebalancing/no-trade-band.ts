/**
 * Relative risk aversion of a fund that would hold nearly all it has in shares of a market that earns 5 % a year over cash at a volatility
 * of 16 %: 0.05 / (2 × 0.16²) is about one.
 */
export const RISK_AVERSION = 2

/**
 * Half the width of the region around a target weight in which trading costs more than the better weight is worth:
 * (3 / (4γ) · w²(1 − w)² · ε)^⅓ for a small round-trip cost ε, a fraction of the amount traded. Zero for a weight of 0 or 1.
 * @see Gerhold, Guasoni, Muhle-Karbe and Schachermayer (2014), "Transaction costs, trading volume, and the liquidity premium",
 *   Finance and Stochastics 18(1), Theorem 2.2.
 */
export function costImpliedWidth(target: number, roundTripCost: number, riskAversion: number = RISK_AVERSION): number {
  if (!(target >= 0 && target <= 1)) throw new RangeError(`Target weight ${target}, expected a fraction from 0 to 1`)
  if (!(roundTripCost >= 0)) throw new RangeError(`Round-trip cost ${roundTripCost}, expected a fraction from 0`)
  return Math.cbrt((3 / (4 * riskAversion)) * (target * (1 - target)) ** 2 * roundTripCost)
}

export type Band = readonly [low: number, high: number]

export interface BandRule {
  /** Half the width as a share of the target. */
  readonly relative: number
  /** What trading there and back costs, a fraction. */
  readonly roundTripCost: number
  /** The most that a name may weigh: the band does not reach above it. */
  readonly cap: number
}

/** The weights around a target at which nothing is done: the wider of the mandate's band and the one that costs imply. */
export function noTradeBand(target: number, { relative, roundTripCost, cap }: BandRule): Band {
  const width = Math.max(relative * target, costImpliedWidth(target, roundTripCost))
  return [Math.max(0, target - width), Math.min(target + width, Math.max(cap, target))]
}

/** Where a trade goes that leaves the band: to the target, half-way, or to the edge. Undefined within the band, its edges included. */
export function goalWeight(
  current: number,
  target: number,
  [low, high]: Band,
  mode: 'target' | 'half' | 'edge',
): number | undefined {
  // Weights that come of the same quantity may differ in their last digits.
  const inside = current >= low - 1e-12 && current <= high + 1e-12
  if (inside) return undefined
  if (mode === 'target') return target
  if (mode === 'edge') return current < low ? low : high
  return (current + target) / 2
}
