import { diagonal, type Matrix } from './matrix.ts'

/** A deviation of returns per period below this is rounding, not movement. */
const LEAST_DEVIATION = 1e-12

/** The assets (by number) whose price does not move: dividing by their deviation would mean nothing. */
export function flatAssets(covariance: Matrix): number[] {
  const variances = diagonal(covariance)
  return [...variances.keys()].filter((i) => !(variances[i] >= LEAST_DEVIATION ** 2))
}

/** @throws RangeError naming the first asset that does not move. */
export function refuseFlatAssets(covariance: Matrix): void {
  const [flat] = flatAssets(covariance)
  if (flat !== undefined) throw new RangeError(`Asset ${flat} does not move, expected a variance above 0`)
}
