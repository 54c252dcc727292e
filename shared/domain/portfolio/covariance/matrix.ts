/** A dense matrix, row after row. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/** A matrix over the values given (not copied). @throws RangeError when their number is not rows × columns. */
export function matrixOf(rows: number, columns: number, values: Float64Array): Matrix {
  if (values.length !== rows * columns) {
    throw new RangeError(`${values.length} values for a matrix of ${rows} × ${columns}`)
  }
  return { rows, columns, values }
}

/** A new matrix, every value times the factor: a covariance per period becomes one per year by the periods in a year. */
export function scaled(matrix: Matrix, factor: number): Matrix {
  return { ...matrix, values: matrix.values.map((value) => value * factor) }
}

/** The diagonal of a square matrix, copied. @throws RangeError when it is not square. */
export function diagonal(square: Matrix): Float64Array {
  const n = sizeOf(square)
  return Float64Array.from({ length: n }, (_, i) => square.values[i * n + i])
}

/** Rows of a square matrix. @throws RangeError when it is not square. */
export function sizeOf({ rows, columns }: Matrix): number {
  if (rows !== columns) throw new RangeError(`A matrix of ${rows} × ${columns}, expected a square one`)
  return rows
}

/** Square matrix times vector. */
export function times(square: Matrix, vector: Float64Array): Float64Array {
  const n = sizeOf(square)
  const product = new Float64Array(n)
  for (let i = 0; i < n; i++) product[i] = dot(square.values, i * n, vector, 0, n)
  return product
}

/** Inner product of two stretches of equal length. Four sums side by side, so that additions need not wait for each other. */
export function dot(a: Float64Array, aFrom: number, b: Float64Array, bFrom: number, length: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  const whole = length - (length % 4)
  let i = 0
  for (; i < whole; i += 4) {
    s0 += a[aFrom + i] * b[bFrom + i]
    s1 += a[aFrom + i + 1] * b[bFrom + i + 1]
    s2 += a[aFrom + i + 2] * b[bFrom + i + 2]
    s3 += a[aFrom + i + 3] * b[bFrom + i + 3]
  }
  for (; i < length; i++) s0 += a[aFrom + i] * b[bFrom + i]
  return s0 + s1 + (s2 + s3)
}
