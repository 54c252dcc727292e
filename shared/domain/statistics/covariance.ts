import { centredProducts } from './centred-products.ts'
import { isRounding, sampleDeviation } from './deviation.ts'

/**
 * Sample covariance of two columns: Σ(x − x̄)(y − ȳ) / (n − 1). NaN for fewer than two rows, or when a value is missing:
 * `observedPairs` drops those rows. Columns of different length are a mistake.
 */
export function covariance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const products = centredProducts(one, other)
  return one.length < 2 ? Number.NaN : products / (one.length - 1)
}

/**
 * Pearson correlation of two columns, in [−1, 1]. NaN for fewer than two rows, when a value is missing, and when a column
 * does not move beyond rounding. Of `ranks`, it is Spearman's.
 */
export function correlation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const both = covariance(one, other)
  const oneDeviation = sampleDeviation(one)
  const otherDeviation = sampleDeviation(other)
  if (isRounding(oneDeviation, one) || isRounding(otherDeviation, other)) return Number.NaN
  return Math.min(1, Math.max(-1, both / oneDeviation / otherDeviation))
}
