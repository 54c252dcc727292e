import { demeaned } from './demeaned.ts'
import { gramMatrix } from './gram.ts'
import { type Matrix, scaled } from './matrix.ts'

/**
 * Sample covariance of returns (rows × assets) per period, over rows − 1 degrees of freedom. Singular when there are no more rows
 * than assets.
 * @throws RangeError for fewer than two rows and for a missing value.
 */
export function sampleCovariance(returns: Matrix): Matrix {
  return scaled(gramMatrix(demeaned(returns)), 1 / (returns.rows - 1))
}
