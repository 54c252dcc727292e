/**
 * Exponentially weighted mean, newest value last: the weight of a value is (1 − alpha)^age, and the weights are scaled to
 * sum to one (as pandas with `adjust=True`). NaN for no values, or when one is missing.
 * @param alpha in (0, 1]: how much the newest value counts against all before; see `alphaOfSpan`, `alphaOfHalfLife`.
 */
export function exponentialMean(values: ArrayLike<number>, alpha: number): number {
  if (!(alpha > 0 && alpha <= 1)) throw new RangeError(`Alpha ${alpha}, expected it in (0, 1]`)
  let weighted = 0
  let weights = 0
  for (let i = 0; i < values.length; i++) {
    weighted = weighted * (1 - alpha) + values[i]
    weights = weights * (1 - alpha) + 1
  }
  return weighted / weights
}

/** The alpha whose weights have the same mean age as a simple average over `span` values: 2 / (span + 1). */
export function alphaOfSpan(span: number): number {
  if (!(span >= 1)) throw new RangeError(`Span ${span}, expected at least 1`)
  return 2 / (span + 1)
}

/** The alpha with which a weight has halved after `halfLife` values: 1 − 2^(−1 / halfLife). */
export function alphaOfHalfLife(halfLife: number): number {
  if (!(halfLife > 0)) throw new RangeError(`Half-life ${halfLife}, expected a positive number`)
  return -Math.expm1(-Math.LN2 / halfLife)
}
