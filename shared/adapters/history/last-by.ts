/** One row a key, the last of equal ones, in order of first appearance: an upsert may not meet the same key twice. */
export function lastBy<Row>(rows: Iterable<Row>, key: (row: Row) => string): Row[] {
  return [...new Map(Array.from(rows, (row) => [key(row), row])).values()]
}

/** The parts as one key that no other parts give. */
export function keyOf(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts)
}
