import { refuseFlatAssets } from './flat-assets.ts'
import { diagonal, type Matrix, matrixOf, sizeOf } from './matrix.ts'

/**
 * The correlation matrix of a covariance, kept within ±1 against rounding and exactly 1 on the diagonal.
 * @throws RangeError for an asset that does not move, whose correlation is undefined.
 */
export function correlationOf(covariance: Matrix): Matrix {
  const n = sizeOf(covariance)
  refuseFlatAssets(covariance)
  const deviations = diagonal(covariance).map(Math.sqrt)
  const values = covariance.values.map((value, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return i === j ? 1 : Math.min(1, Math.max(-1, value / (deviations[i] * deviations[j])))
  })
  return matrixOf(n, n, values)
}
