import { mean } from './mean.ts'

/**
 * Σ(x − x̄)(y − ȳ), what variance, covariance and regression are made of; of one column with itself the sum of squares.
 * In two passes, and freed of the rounding of the means, so that a large common level does no harm. 0 for no values, NaN
 * when one is missing. Columns of different length are a mistake.
 * @see Chan, Golub, LeVeque (1983), "Algorithms for Computing the Sample Variance", The American Statistician 37(3).
 */
export function centredProducts(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const rows = one.length
  if (other.length !== rows) throw new RangeError(`Columns of ${rows} and ${other.length} values, expected as many`)
  if (rows === 0) return 0
  const oneMean = mean(one)
  const otherMean = mean(other)
  let products = 0
  let oneRest = 0
  let otherRest = 0
  for (let i = 0; i < rows; i++) {
    const a = one[i] - oneMean
    const b = other[i] - otherMean
    products += a * b
    oneRest += a
    otherRest += b
  }
  return products - (oneRest * otherRest) / rows
}
