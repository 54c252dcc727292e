import { choleskyFactor, choleskySolve } from '../covariance/cholesky.ts'
import { refuseFlatAssets } from '../covariance/flat-assets.ts'
import { diagonal, dot, type Matrix, matrixOf, sizeOf, times } from '../covariance/matrix.ts'
import { normalised } from './normalised.ts'

/** Sweeps that bring near; a few Newton steps then make it exact. */
const SWEEPS = 30
const MOST_STEPS = 200
const EXACT = 1e-12

/**
 * Equal risk contribution: the weights > 0, one in all, whose wᵢ(Σw)ᵢ are all the same. They are the minimum of the convex
 * ½xᵀΣx − Σ ln(xᵢ)/n, scaled to one; it is found by cyclical coordinate descent and then Newton's method, damped so that it
 * converges from anywhere. A singular covariance is fine as long as no mixture of all assets is without risk.
 * @throws RangeError for an asset that does not move, or when a mixture is without risk: then there is no such portfolio.
 * @see Maillard, Roncalli and Teiletche (2010), "The Properties of Equally Weighted Risk Contribution Portfolios"; Spinu (2013),
 *   "An Algorithm for Computing Risk Parity Weights"; Griveau-Billion, Richard and Roncalli (2013), "A Fast Algorithm for Computing
 *   High-dimensional Risk Parity Portfolios".
 */
export function riskParity(covariance: Matrix): Float64Array {
  const n = sizeOf(covariance)
  refuseFlatAssets(covariance)
  // In units of the mean variance nothing overflows, and the tolerances mean the same for hourly and for yearly numbers.
  const unit = diagonal(covariance).reduce((sum, variance) => sum + variance, 0) / n
  const sigma = matrixOf(
    n,
    n,
    covariance.values.map((value) => value / unit),
  )

  const x = diagonal(sigma).map((variance) => 1 / Math.sqrt(variance * n))
  for (let sweep = 0; sweep < SWEEPS; sweep++) descend(sigma, x)
  for (let step = 0; step < MOST_STEPS; step++) {
    if (riskParitySpread(sigma, x) < EXACT) break
    if (!newtonStep(sigma, x)) break
  }
  const spread = riskParitySpread(sigma, x)
  if (!(spread < 1e-8)) {
    throw new RangeError(`Contributions to risk differ by ${spread}: a mixture of the assets is without risk`)
  }
  return normalised(x)
}

/** How far contributions to risk are from equal: the largest |n wᵢ(Σw)ᵢ / wᵀΣw − 1|. */
export function riskParitySpread(covariance: Matrix, weights: Float64Array): number {
  const n = weights.length
  const marginal = times(covariance, weights)
  const variance = dot(weights, 0, marginal, 0, n)
  let spread = 0
  for (let i = 0; i < n; i++) spread = Math.max(spread, Math.abs((n * weights[i] * marginal[i]) / variance - 1))
  return variance > 0 ? spread : Number.POSITIVE_INFINITY
}

/** Sets each coordinate to its own minimum, the positive root of σᵢᵢ x² + bx − 1/n = 0. */
function descend({ values }: Matrix, x: Float64Array): void {
  const n = x.length
  for (let i = 0; i < n; i++) {
    const variance = values[i * n + i]
    const b = dot(values, i * n, x, 0, n) - variance * x[i]
    const root = Math.sqrt(b * b + (4 * variance) / n)
    // Of the two forms the one without cancellation.
    x[i] = b > 0 ? 2 / n / (b + root) : (root - b) / (2 * variance)
  }
}

/** One Newton step, shortened while it is long in the metric of the barrier. False when it cannot be made. */
function newtonStep(sigma: Matrix, x: Float64Array): boolean {
  const n = x.length
  const hessian = matrixOf(n, n, Float64Array.from(sigma.values))
  const gradient = times(sigma, x)
  for (let i = 0; i < n; i++) {
    gradient[i] -= 1 / (n * x[i])
    hessian.values[i * n + i] += 1 / (n * x[i] * x[i])
  }
  const lower = choleskyFactor(hessian)
  if (!lower) return false
  const step = choleskySolve(lower, gradient)
  // n times the function is self-concordant: a step of 1 / (1 + its length) stays inside and descends; a short one converges whole.
  const length = Math.sqrt(n * dot(step, 0, gradient, 0, n))
  const damping = length < 0.25 ? 1 : 1 / (1 + length)
  for (let i = 0; i < n; i++) x[i] -= damping * step[i]
  return x.every((value) => value > 0)
}
