import { dot, type Matrix, sizeOf } from './matrix.ts'

/**
 * The lower triangle L of a symmetric positive definite matrix = L Lᵀ, row after row with zeros above the diagonal. Undefined
 * when a pivot is not positive: the matrix is not definite to the precision of float64.
 */
export function choleskyFactor(matrix: Matrix): Float64Array | undefined {
  const n = sizeOf(matrix)
  const lower = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let j = 0; j < i; j++) {
      lower[row + j] = (matrix.values[row + j] - dot(lower, row, lower, j * n, j)) / lower[j * n + j]
    }
    const pivot = matrix.values[row + i] - dot(lower, row, lower, row, i)
    if (!(pivot > 0)) return undefined
    lower[row + i] = Math.sqrt(pivot)
  }
  return lower
}

/** Solves L Lᵀ x = b with the factor of `choleskyFactor`; a new vector. */
export function choleskySolve(lower: Float64Array, b: Float64Array): Float64Array {
  const n = b.length
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) x[i] = (x[i] - dot(lower, i * n, x, 0, i)) / lower[i * n + i]
  for (let i = n - 1; i >= 0; i--) {
    const solved = x[i] / lower[i * n + i]
    x[i] = solved
    for (let j = 0; j < i; j++) x[j] -= lower[i * n + j] * solved
  }
  return x
}
