import { type Matrix, matrixOf } from './matrix.ts'

/**
 * Returns (rows × assets) less each asset's mean, as every estimator of covariance begins.
 * @throws RangeError for fewer than two rows, which have no covariance, and for a missing value.
 */
export function demeaned({ rows, columns, values }: Matrix): Matrix {
  if (rows < 2) throw new RangeError(`${rows} rows of returns, expected at least 2`)
  const means = new Float64Array(columns)
  for (let i = 0; i < values.length; i++) means[i % columns] += values[i]
  for (let i = 0; i < columns; i++) {
    means[i] /= rows
    if (!Number.isFinite(means[i])) throw new RangeError(`Returns of asset ${i} are not all finite numbers`)
  }
  return matrixOf(
    rows,
    columns,
    values.map((value, i) => value - means[i % columns]),
  )
}
