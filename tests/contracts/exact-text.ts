/** A value as text for comparing: decimals by all their digits, fields and keys of maps in order. */
export function exactText(value: unknown): string {
  return JSON.stringify(value, (_, given) => {
    if (given instanceof Map) return sorted(Object.fromEntries(given))
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
    return sorted(given)
  })
}

function sorted(object: object): object {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
}
