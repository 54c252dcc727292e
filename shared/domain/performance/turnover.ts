import { sum } from '../statistics/sum.ts'

/**
 * One-way turnover of a rebalance: ½Σ|after − before| over the weights of the same names in the same order, cash among them,
 * so that first investing everything is a turnover of 1. `before` is what prices have made of the weights by now, not the
 * last targets. NaN when a weight is missing; columns of different length are a mistake.
 */
export function oneWayTurnover(before: ArrayLike<number>, after: ArrayLike<number>): number {
  if (before.length !== after.length) {
    throw new RangeError(`Weights of ${before.length} and ${after.length} names, expected the same names`)
  }
  return sum(new Float64Array(before).map((weight, name) => Math.abs(after[name] - weight))) / 2
}
