/** The first row at or after a time, of rows ascending in time; the number of rows when there is none. */
export function rowAtOrAfter(at: Float64Array, time: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at[middle] < time) low = middle + 1
    else high = middle
  }
  return low
}
