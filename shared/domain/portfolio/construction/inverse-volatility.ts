import { refuseFlatAssets } from '../covariance/flat-assets.ts'
import { diagonal, type Matrix } from '../covariance/matrix.ts'
import { normalised } from './normalised.ts'

/** Weights ∝ 1 / σ, one in all: risk parity if nothing were correlated. @throws RangeError for an asset that does not move. */
export function inverseVolatility(covariance: Matrix): Float64Array {
  refuseFlatAssets(covariance)
  return normalised(diagonal(covariance).map((variance) => 1 / Math.sqrt(variance)))
}
