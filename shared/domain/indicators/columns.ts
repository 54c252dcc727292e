/** How many rows columns of one table have. Refuses columns of different lengths. */
export function rowsOf(...columns: readonly ArrayLike<number>[]): number {
  const lengths = columns.map(({ length }) => length)
  if (lengths.some((length) => length !== lengths[0])) {
    throw new RangeError(`Columns of ${lengths.join(', ')} rows, expected as many rows in each`)
  }
  return lengths[0]
}
