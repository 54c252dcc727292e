import { centredProducts } from './centred-products.ts'

/** What is left of equal values after rounding, as a share of the largest. */
const ROUNDING = 1e-12

/** Sample standard deviation: √(Σ(x − x̄)² / (n − 1)). NaN for fewer than two values, or when one is missing. */
export function sampleDeviation(values: ArrayLike<number>): number {
  return values.length < 2 ? Number.NaN : deviation(values, values.length - 1)
}

/** Population standard deviation: √(Σ(x − x̄)² / n). NaN for no values, or when one is missing. */
export function populationDeviation(values: ArrayLike<number>): number {
  return deviation(values, values.length)
}

/** Whether a deviation of these values is only the rounding of equal ones: not above 1e-12 of the largest in size. */
export function isRounding(deviation: number, values: ArrayLike<number>): boolean {
  let largest = 0
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]))
  return deviation <= ROUNDING * largest
}

function deviation(values: ArrayLike<number>, divisor: number): number {
  // Rounding may leave the squares of equal values just below zero.
  return Math.sqrt(Math.max(0, centredProducts(values, values)) / divisor)
}
