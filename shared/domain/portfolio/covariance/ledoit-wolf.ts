import { demeaned } from './demeaned.ts'
import { gramMatrix } from './gram.ts'
import { diagonal, type Matrix, scaled } from './matrix.ts'

/** A shrunk covariance and how far it was shrunk: 0 leaves the data, 1 leaves the target alone. */
export interface ShrunkCovariance {
  readonly covariance: Matrix
  readonly shrinkage: number
}

/**
 * Covariance of returns (rows × assets) per period, shrunk towards equal variances without correlation, by the share that the data
 * itself calls best. As scikit-learn's `ledoit_wolf`: the covariance inside divides by the number of rows (0 degrees of freedom
 * lost), and so does the result, unlike `sampleCovariance`.
 * @throws RangeError for fewer than two rows and for a missing value.
 * @see Ledoit and Wolf (2004), "A well-conditioned estimator for large-dimensional covariance matrices", J. Multivariate
 *   Analysis 88(2); scikit-learn `sklearn/covariance/_shrunk_covariance.py`.
 */
export function ledoitWolfCovariance(returns: Matrix): ShrunkCovariance {
  const { rows, columns, values } = demeaned(returns)
  const biased = scaled(gramMatrix({ rows, columns, values }), 1 / rows)
  const meanVariance = sum(diagonal(biased)) / columns

  let squares = 0
  for (const value of biased.values) squares += value * value
  // How far the data is from the target, and how much of that is chance: the squared errors of single rows around the mean.
  const distance = (squares - columns * meanVariance ** 2) / columns
  const chance = (sumOfSquaredRowNorms(values, columns) / rows - squares) / (columns * rows)
  const noise = Math.min(chance, distance)
  const shrinkage = columns === 1 || noise <= 0 ? 0 : noise / distance

  const covariance = scaled(biased, 1 - shrinkage)
  for (let i = 0; i < columns; i++) covariance.values[i * columns + i] += shrinkage * meanVariance
  return { covariance, shrinkage }
}

/** Σ over rows of (Σ squares of the row)², which is the sum of all entries of X²ᵀX². */
function sumOfSquaredRowNorms(values: Float64Array, columns: number): number {
  let total = 0
  for (let from = 0; from < values.length; from += columns) {
    let norm = 0
    for (let i = from; i < from + columns; i++) norm += values[i] * values[i]
    total += norm * norm
  }
  return total
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
