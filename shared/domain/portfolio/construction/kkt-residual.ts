import type { QuadraticProblem } from './quadratic-problem.ts'

/** A sum or bound that is met to within this is met. */
const MET = 1e-12

/**
 * How far x is from the minimum of a quadratic problem, without unit; 0 there. The larger of two: how much a bound or sum is missed;
 * and the most that the objective falls by moving a unit from one variable to another where bounds and sums allow it, relative to the
 * largest Σⱼ|Qᵢⱼxⱼ| + |cᵢ|. As the constraints are bounds and nested sums, x is the minimum exactly when no such move helps: it
 * is the same as multipliers of the right sign that make the gradient of the Lagrangian zero (Karush, Kuhn and Tucker), and they
 * need not be known.
 */
export function kktResidual(problem: QuadraticProblem, x: Float64Array): number {
  const { lower, upper, total, groupOf, groupMax } = problem
  const { gradient, scale } = gradientOf(problem, x)
  const groups = groupMax.length
  const sums = new Float64Array(groups)
  let sum = 0
  let missed = 0
  for (let i = 0; i < x.length; i++) {
    sum += x[i]
    if (groupOf[i] >= 0) sums[groupOf[i]] += x[i]
    missed = Math.max(missed, lower[i] - x[i], x[i] - upper[i])
  }
  missed = Math.max(missed, Math.abs(sum - total), ...sums.map((held, g) => held - groupMax[g]))

  // What leaves a full group may go anywhere that is not full; what goes into one must come from it.
  const leastUp = new Float64Array(groups + 1).fill(Number.POSITIVE_INFINITY)
  const mostDown = new Float64Array(groups + 1).fill(Number.NEGATIVE_INFINITY)
  for (let i = 0; i < x.length; i++) {
    const g = groupOf[i]
    const block = g >= 0 && sums[g] >= groupMax[g] - MET ? g : groups
    if (x[i] < upper[i] - MET) leastUp[block] = Math.min(leastUp[block], gradient[i])
    if (x[i] > lower[i] + MET) mostDown[block] = Math.max(mostDown[block], gradient[i])
  }
  let gain = 0
  for (let block = 0; block <= groups; block++) {
    gain = Math.max(gain, mostDown[block] - Math.min(leastUp[block], leastUp[groups]))
  }
  return Math.max(missed, scale > 0 ? gain / scale : gain)
}

/** Qx + c, and the largest sum of the sizes of its terms. */
export function gradientOf(
  { quadratic, linear }: Pick<QuadraticProblem, 'quadratic' | 'linear'>,
  x: Float64Array,
): { readonly gradient: Float64Array; readonly scale: number } {
  const n = x.length
  const gradient = Float64Array.from(linear)
  const sizes = linear.map(Math.abs)
  for (let j = 0; j < n; j++) {
    if (x[j] === 0) continue
    // Symmetric, so a row serves as its column, and what is not held costs nothing.
    for (let i = 0; i < n; i++) {
      const term = quadratic.values[j * n + i] * x[j]
      gradient[i] += term
      sizes[i] += Math.abs(term)
    }
  }
  return { gradient, scale: sizes.reduce((most, size) => Math.max(most, size), 0) }
}
