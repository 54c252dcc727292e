/** The same weight for each of n assets, one in all. @throws RangeError for no assets. */
export function equalWeight(n: number): Float64Array {
  if (!(n >= 1)) throw new RangeError(`${n} assets, expected at least one`)
  return new Float64Array(n).fill(1 / n)
}
