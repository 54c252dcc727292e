/** The values that are there, in their order: missing ones (NaN) dropped. */
export function observed(values: ArrayLike<number>): Float64Array {
  const there = new Float64Array(values.length)
  let count = 0
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(values[row])) there[count++] = values[row]
  return there.subarray(0, count)
}

/** The rows that both columns have, in their order. Columns of different length are a mistake. */
export function observedPairs(one: ArrayLike<number>, other: ArrayLike<number>): [Float64Array, Float64Array] {
  if (one.length !== other.length) {
    throw new RangeError(`Columns of ${one.length} and ${other.length} values, expected as many`)
  }
  const ones = new Float64Array(one.length)
  const others = new Float64Array(one.length)
  let count = 0
  for (let row = 0; row < one.length; row++) {
    if (Number.isNaN(one[row]) || Number.isNaN(other[row])) continue
    ones[count] = one[row]
    others[count++] = other[row]
  }
  return [ones.subarray(0, count), others.subarray(0, count)]
}
