import { sum } from '../statistics/sum.ts'
import type { PositionMark } from './snapshot.ts'

/** By symbol, what a rebalance aimed at; the rest is cash. */
export type TargetWeights = ReadonlyMap<string, number>

/**
 * One-way distance of the weights from their targets: ½Σ|weight − target| over all names and cash, so the share of the fund that would have
 * to be traded to be back. A name without a target has one of 0. Undefined when the fund's value is not above zero.
 */
export function driftFrom(
  marks: readonly Pick<PositionMark, 'symbol' | 'weight'>[],
  targets: TargetWeights,
): number | undefined {
  const weights = new Map(marks.map(({ symbol, weight }) => [symbol, weight]))
  const names = [...new Set([...weights.keys(), ...targets.keys()])].sort()
  const distances = names.map((symbol) => (weights.get(symbol) ?? 0) - (targets.get(symbol) ?? 0))
  // Weights sum to one, so cash is off by what the names are off together, the other way.
  const distance = (sum(distances.map(Math.abs)) + Math.abs(sum(distances))) / 2
  return Number.isNaN(distance) ? undefined : distance
}
