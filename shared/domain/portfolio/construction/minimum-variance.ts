import { type Matrix, sizeOf } from '../covariance/matrix.ts'
import type { CapsAndTotal } from './apply-caps.ts'
import { numberCaps } from './caps.ts'
import { feasibleTotals } from './quadratic-problem.ts'
import { solveQuadratic } from './quadratic-program.ts'

/** A weight below this is what rounding left of none. */
const DUST = 1e-15

export interface MinimumVariance {
  readonly weights: Float64Array
  /** What the caps leave no room for. */
  readonly unplaced: number
  /** See `kktResidual`; below 1e-8. */
  readonly kkt: number
}

/**
 * The weights ≥ 0 of least variance wᵀΣw that sum to the total and keep the caps, solved exactly. Where the caps leave too little
 * room, they are filled and the rest is returned as unplaced. A singular covariance is fine; of several minima it takes the one
 * nearest to equal weights.
 * @throws RangeError for a total outside [0, 1] or a cap that is not above 0.
 * @see Markowitz (1952), "Portfolio Selection", J. Finance 7(1).
 */
export function minimumVariance(covariance: Matrix, { total, ...caps }: CapsAndTotal): MinimumVariance {
  if (!(total >= 0 && total <= 1)) throw new RangeError(`Total ${total}, expected a fraction between 0 and 1`)
  const n = sizeOf(covariance)
  const { maxWeight, maxSector, sectorOf, sectors } = numberCaps(n, caps)
  const constraints = {
    lower: new Float64Array(n),
    upper: new Float64Array(n).fill(maxWeight),
    groupOf: sectorOf,
    groupMax: new Float64Array(sectors).fill(maxSector),
  }
  const { most } = feasibleTotals(constraints)
  const placed = Math.min(total, most)
  const solution = solveQuadratic({
    ...constraints,
    quadratic: covariance,
    linear: new Float64Array(n),
    total: placed,
  })
  if (!solution) throw new RangeError(`Weights that sum to ${placed} within the caps were not found`)
  const weights = solution.x.map((weight) => (weight < DUST ? 0 : weight))
  return { weights, unplaced: total - placed < 1e-12 ? 0 : total - placed, kkt: solution.residual }
}
