import { diagonal, matrixOf } from '../covariance/matrix.ts'
import { ActiveSet } from './active-set.ts'
import { kktResidual } from './kkt-residual.ts'
import { checkProblem, feasibleTotals, type QuadraticProblem } from './quadratic-problem.ts'

/** Added to the diagonal, as a share of its mean: far above rounding, far below any variance that matters. */
const PROXIMAL = 1e-9
const MOST_ROUNDS = 100
const EXACT = 1e-13

export interface QuadraticSolution {
  readonly x: Float64Array
  /** See `kktResidual`. */
  readonly residual: number
}

/**
 * Solves a convex `QuadraticProblem` exactly, also when its matrix is singular. A tiny multiple of the distance to the last solution
 * is added to the objective, which makes it strictly convex, and that is solved by the active-set method; at the fixpoint, soon
 * reached as each round begins where the last ended, the addition is zero and the solution that of the problem itself. Where the
 * matrix leaves many, the one nearest to zero is taken in the first round and kept. Undefined when no x meets the constraints.
 * @throws RangeError for parts that do not fit together, and when rounding leaves a residual of 1e-8 or more (a matrix that is not
 *   positive semidefinite).
 * @see Rockafellar (1976), "Monotone operators and the proximal point algorithm", SIAM J. Control and Optimization 14(5).
 */
export function solveQuadratic(problem: QuadraticProblem): QuadraticSolution | undefined {
  checkProblem(problem)
  const { quadratic, linear, total } = problem
  const { least, most } = feasibleTotals(problem)
  if (!(total >= least - EXACT && total <= most + EXACT)) return undefined

  const n = linear.length
  const mean = diagonal(quadratic).reduce((sum, value) => sum + value, 0) / n
  const slope = linear.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const weight = PROXIMAL * (mean || slope || 1)
  const convex = matrixOf(n, n, Float64Array.from(quadratic.values))
  for (let i = 0; i < n; i++) convex.values[i * n + i] += weight

  const active = new ActiveSet({ ...problem, quadratic: convex })
  let best: QuadraticSolution | undefined
  let near = linear
  for (let round = 0; round < MOST_ROUNDS; round++) {
    active.minimise(near)
    const residual = kktResidual(problem, active.x)
    if (best && residual >= best.residual) break
    best = { x: Float64Array.from(active.x), residual }
    if (residual < EXACT) break
    near = linear.map((slope, i) => slope - weight * active.x[i])
  }
  if (!best || !(best.residual < 1e-8)) {
    throw new RangeError(`The quadratic problem was left with a residual of ${best?.residual}, expected below 1e-8`)
  }
  return best
}
