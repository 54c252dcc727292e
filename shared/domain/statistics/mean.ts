import { sum } from './sum.ts'

/** Arithmetic mean. NaN for no values, or when one is missing: `observed` drops those. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length
}
