import { demeaned } from './demeaned.ts'
import { gramMatrix } from './gram.ts'
import { type Matrix, matrixOf } from './matrix.ts'

/** In rows; PyPortfolioOpt's default. Half of the weight lies on the last 63 rows. */
export const EXPONENTIAL_SPAN = 180

/**
 * Covariance of returns (rows × assets, oldest first) per period in which a row counts for (1 − α) of the next one, α = 2 / (span + 1).
 * The means taken off are the plain ones over all rows, and the weights sum to one without a correction for degrees of freedom: as
 * PyPortfolioOpt's `exp_cov`, that is the last value of pandas' `ewm(span).mean()` of the products of demeaned returns.
 * @throws RangeError for fewer than two rows, for a missing value, and for a span that is not above 1.
 */
export function exponentialCovariance(returns: Matrix, span = EXPONENTIAL_SPAN): Matrix {
  if (!(span > 1)) throw new RangeError(`Span ${span}, expected more than 1 row`)
  const { rows, columns, values } = demeaned(returns)
  const keep = 1 - 2 / (span + 1)
  const all = (1 - keep ** rows) / (1 - keep)
  // The square root on each side of a product makes its weight.
  const roots = Float64Array.from({ length: rows }, (_, t) => Math.sqrt(keep ** (rows - 1 - t) / all))
  const weighted = values.map((value, i) => value * roots[Math.floor(i / columns)])
  return gramMatrix(matrixOf(rows, columns, weighted))
}
