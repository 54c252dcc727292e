/** Values ≥ 0 over their sum. @throws RangeError for a value that is negative or missing, and when all are 0. */
export function normalised(values: Float64Array): Float64Array {
  let sum = 0
  for (const [i, value] of values.entries()) {
    if (!(value >= 0)) throw new RangeError(`Value ${value} at ${i}, expected 0 or more`)
    sum += value
  }
  if (!(sum > 0 && Number.isFinite(sum))) throw new RangeError(`Values that sum to ${sum} have no shares`)
  return values.map((value) => value / sum)
}
