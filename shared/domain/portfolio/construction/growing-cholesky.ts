import { dot } from '../covariance/matrix.ts'

/**
 * The Cholesky factor L Lᵀ of the part of a symmetric matrix that belongs to a list of free assets. Taking one in or letting one go
 * costs the square of their number, not the cube that a new factor would.
 */
export class GrowingCholesky {
  /** The free assets, in the order of the factor's rows. */
  readonly members: number[] = []
  private readonly matrix: Float64Array
  private readonly n: number
  private readonly lower: Float64Array

  /** Of an n × n matrix, row after row, any part of which must be positive definite. */
  constructor(matrix: Float64Array, n: number) {
    this.matrix = matrix
    this.n = n
    this.lower = new Float64Array(n * n)
  }

  append(asset: number): void {
    const { lower, matrix, n, members } = this
    const k = members.length
    const row = k * n
    for (let j = 0; j < k; j++) lower[row + j] = matrix[asset * n + members[j]]
    for (let j = 0; j < k; j++) lower[row + j] = (lower[row + j] - dot(lower, row, lower, j * n, j)) / lower[j * n + j]
    const pivot = matrix[asset * n + asset] - dot(lower, row, lower, row, k)
    if (!(pivot > 0)) throw new RangeError(`The matrix is not positive definite at asset ${asset}`)
    lower[row + k] = Math.sqrt(pivot)
    members.push(asset)
  }

  /** Lets the asset at a place of `members` go: its row falls out, and rotations bring the rows after it back to a triangle. */
  remove(place: number): void {
    const { lower, n, members } = this
    const k = members.length - 1
    for (let i = place; i < k; i++) lower.copyWithin(i * n, (i + 1) * n, (i + 1) * n + i + 2)
    members.splice(place, 1)
    for (let j = place; j < k; j++) {
      const a = lower[j * n + j]
      const b = lower[j * n + j + 1]
      const length = Math.hypot(a, b)
      const [cosine, sine] = [a / length, b / length]
      lower[j * n + j] = length
      for (let i = j + 1; i < k; i++) {
        const [left, right] = [lower[i * n + j], lower[i * n + j + 1]]
        lower[i * n + j] = cosine * left + sine * right
        lower[i * n + j + 1] = cosine * right - sine * left
      }
    }
  }

  /** Solves L x = b in place, b by place of `members`. */
  solveLower(b: Float64Array): Float64Array {
    const { lower, n, members } = this
    for (let i = 0; i < members.length; i++) b[i] = (b[i] - dot(lower, i * n, b, 0, i)) / lower[i * n + i]
    return b
  }

  /** Solves Lᵀ x = b in place. */
  solveUpper(b: Float64Array): Float64Array {
    const { lower, n, members } = this
    for (let i = members.length - 1; i >= 0; i--) {
      b[i] /= lower[i * n + i]
      for (let j = 0; j < i; j++) b[j] -= lower[i * n + j] * b[i]
    }
    return b
  }
}
