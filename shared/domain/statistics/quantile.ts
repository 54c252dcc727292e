/**
 * The value below which a share of the column lies, linear between its neighbours: at position share × (n − 1) of the
 * sorted values (Hyndman and Fan's type 7, the default of numpy and R). NaN for no values, or when one is missing.
 * @param share in [0, 1]; 0.05 is the 5th percentile.
 * @see Hyndman, Fan (1996), "Sample Quantiles in Statistical Packages", The American Statistician 50(4).
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`Share ${share} of a quantile, expected it in [0, 1]`)
  const sorted = new Float64Array(values).sort()
  // Missing values sort to the end.
  if (sorted.length === 0 || Number.isNaN(sorted[sorted.length - 1])) return Number.NaN
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const between = position - below
  if (between === 0) return sorted[below]
  const low = sorted[below]
  const high = sorted[below + 1]
  // From the nearer neighbour, so that the result never leaves the two.
  return between < 0.5 ? low + (high - low) * between : high - (high - low) * (1 - between)
}

/** The middle value, or the mean of the two in the middle. NaN for no values, or when one is missing. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}
