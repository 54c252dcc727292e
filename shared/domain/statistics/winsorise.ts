import { sampleDeviation } from './deviation.ts'
import { mean } from './mean.ts'
import { observed } from './observed.ts'
import { median, quantile } from './quantile.ts'

/** Makes the median absolute deviation of normal values their standard deviation: 1 / Φ⁻¹(3/4). */
const NORMAL_SCALE = 1.4826

/** Where a tail begins: at two quantiles, or so many deviations from the mean, or from the median (the robust way). */
export type WinsorLimits =
  | { readonly lower: number; readonly upper: number } // shares in [0, 1]
  | { readonly deviations: number }
  | { readonly medianDeviations: number } // in units of 1.4826 × the median absolute deviation

/**
 * The column with its tails pulled in to the limits. Missing values stay missing and count for nothing. Unchanged where
 * deviations are asked for and there are none, as when more than half of the values are the same: nothing tells a tail
 * from the rest then.
 */
export function winsorise(values: ArrayLike<number>, limits: WinsorLimits): Float64Array {
  const { low, high } = boundsOf(observed(values), limits)
  return new Float64Array(values).map((value) => Math.min(high, Math.max(low, value)))
}

const UNBOUNDED = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

function boundsOf(there: Float64Array, limits: WinsorLimits): { readonly low: number; readonly high: number } {
  if ('lower' in limits) {
    const { lower, upper } = limits
    if (!(lower <= upper)) throw new RangeError(`Limits ${lower} and ${upper}, expected the lower one first`)
    const [low, high] = [quantile(there, lower), quantile(there, upper)]
    return there.length === 0 ? UNBOUNDED : { low, high }
  }
  if ('deviations' in limits) return around(mean(there), sampleDeviation(there), limits.deviations)
  const centre = median(there)
  const spread = NORMAL_SCALE * median(there.map((value) => Math.abs(value - centre)))
  return around(centre, spread, limits.medianDeviations)
}

function around(centre: number, spread: number, count: number) {
  if (!(count > 0)) throw new RangeError(`Limit of ${count} deviations, expected a positive number`)
  return spread > 0 ? { low: centre - count * spread, high: centre + count * spread } : UNBOUNDED
}
