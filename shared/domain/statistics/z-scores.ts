import { isRounding, sampleDeviation } from './deviation.ts'
import { mean } from './mean.ts'
import { observed } from './observed.ts'

/**
 * How many sample deviations each value of a cross-section lies from its mean. A missing value stays missing and counts
 * for nothing. All 0 when the values do not differ beyond rounding, and for a single one: nothing stands out.
 */
export function zScores(values: ArrayLike<number>): Float64Array {
  const there = observed(values)
  const centre = mean(there)
  const deviation = there.length < 2 ? 0 : sampleDeviation(there)
  const flat = isRounding(deviation, there)
  return new Float64Array(values).map((value) => (flat && !Number.isNaN(value) ? 0 : (value - centre) / deviation))
}
