/**
 * Each value's place among the others, 1 for the smallest; equal values share the mean of their places. A missing value
 * has no rank (NaN) and takes no place.
 */
export function ranks(values: ArrayLike<number>): Float64Array {
  const places = new Float64Array(values.length).fill(Number.NaN)
  const rows = Array.from({ length: values.length }, (_, row) => row).filter((row) => !Number.isNaN(values[row]))
  rows.sort((a, b) => values[a] - values[b])
  for (let first = 0; first < rows.length; ) {
    let last = first
    while (last + 1 < rows.length && values[rows[last + 1]] === values[rows[first]]) last++
    for (let i = first; i <= last; i++) places[rows[i]] = (first + last) / 2 + 1
    first = last + 1
  }
  return places
}
