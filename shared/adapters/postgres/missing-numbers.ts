/** A missing number as the analytics know it: NaN where the database has null. */
export function known(value: number | null): number {
  return value ?? Number.NaN
}

/** The numbers of a JSON object, NaN where it has null. */
export function knownEach<Key extends string>(numbers: Readonly<Record<Key, number | null>>): Record<Key, number> {
  const entries = Object.entries<number | null>(numbers).map(([key, value]) => [key, known(value)])
  return Object.fromEntries(entries)
}
