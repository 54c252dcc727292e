/** A figure of its own, unlike a value in a column: undefined when the arithmetic has no finite answer, so nobody ranks a NaN. */
export function figure(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
