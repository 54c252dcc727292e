import { type Matrix, sizeOf } from '../covariance/matrix.ts'

/**
 * Minimise ½xᵀQx + cᵀx over lower ≤ x ≤ upper, Σx = total, and Σ over the members of group g ≤ groupMax[g]. Every variable is
 * in one group at most, which is what sectors need and what makes a feasible point a matter of counting.
 */
export interface QuadraticProblem {
  /** Symmetric, positive semidefinite. */
  readonly quadratic: Matrix
  readonly linear: Float64Array
  /** Finite. */
  readonly lower: Float64Array
  /** Infinite where there is no bound. */
  readonly upper: Float64Array
  readonly total: number
  /** By variable, the number of its group; −1 for none. */
  readonly groupOf: Int32Array
  readonly groupMax: Float64Array
}

/** Throws RangeError for parts that do not fit together. */
export function checkProblem(problem: QuadraticProblem): void {
  const { quadratic, linear, lower, upper, total, groupOf, groupMax } = problem
  const n = sizeOf(quadratic)
  for (const [name, { length }] of Object.entries({ linear, lower, upper, groupOf })) {
    if (length !== n) throw new RangeError(`${length} values of ${name} for ${n} variables`)
  }
  if (!quadratic.values.every(Number.isFinite) || !linear.every(Number.isFinite) || !Number.isFinite(total)) {
    throw new RangeError('The objective and the total must be finite numbers')
  }
  for (let i = 0; i < n; i++) {
    if (!(Number.isFinite(lower[i]) && lower[i] <= upper[i])) {
      throw new RangeError(
        `Bounds ${lower[i]} … ${upper[i]} of variable ${i}, expected a finite lower one not above the upper`,
      )
    }
    if (!(groupOf[i] >= -1 && groupOf[i] < groupMax.length)) {
      throw new RangeError(`Group ${groupOf[i]} of variable ${i}, expected one of ${groupMax.length} or −1`)
    }
  }
}

/** The sums that the bounds and groups allow, least and most. The least is infinite when a group cannot hold its lower bounds. */
export function feasibleTotals(problem: Omit<QuadraticProblem, 'quadratic' | 'linear' | 'total'>): {
  readonly least: number
  readonly most: number
} {
  const { lower, upper, groupOf, groupMax } = problem
  const lowest = new Float64Array(groupMax.length)
  const highest = new Float64Array(groupMax.length)
  let least = 0
  let most = 0
  for (let i = 0; i < lower.length; i++) {
    least += lower[i]
    if (groupOf[i] < 0) {
      most += upper[i]
      continue
    }
    lowest[groupOf[i]] += lower[i]
    highest[groupOf[i]] += upper[i]
  }
  for (const [g, max] of groupMax.entries()) {
    if (lowest[g] > max) least = Number.POSITIVE_INFINITY
    most += Math.min(max, highest[g])
  }
  return { least, most }
}
