import { type Matrix, matrixOf } from './matrix.ts'

/** Rows taken at a time, so that the six columns of a tile stay in the fastest cache. */
const BLOCK = 512

/**
 * XᵀX of rows × assets: each pair of columns multiplied and summed. Computed once for both halves of the symmetric result, from
 * columns laid out one after the other, in tiles of 2 × 4 columns whose eight sums stay in registers.
 */
export function gramMatrix({ rows, columns, values }: Matrix): Matrix {
  // Empty columns fill up the last tile.
  const padded = Math.ceil(columns / 4) * 4
  const byColumn = new Float64Array(padded * rows)
  for (let t = 0; t < rows; t++) {
    for (let i = 0; i < columns; i++) byColumn[i * rows + t] = values[t * columns + i]
  }

  const sums = new Float64Array(padded * padded)
  for (let from = 0; from < rows; from += BLOCK) {
    const to = Math.min(rows, from + BLOCK)
    for (let i = 0; i < padded; i += 2) {
      for (let j = i - (i % 4); j < padded; j += 4) addTile(byColumn, rows, padded, sums, i, j, from, to)
    }
  }

  const gram = new Float64Array(columns * columns)
  for (let i = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) {
      gram[i * columns + j] = sums[i * padded + j]
      gram[j * columns + i] = sums[i * padded + j]
    }
  }
  return matrixOf(columns, columns, gram)
}

/** Adds rows from…to of the products of columns i, i+1 with j…j+3. */
function addTile(
  byColumn: Float64Array,
  rows: number,
  padded: number,
  sums: Float64Array,
  i: number,
  j: number,
  from: number,
  to: number,
): void {
  const [a0, a1] = [i * rows, (i + 1) * rows]
  const [b0, b1, b2, b3] = [j * rows, (j + 1) * rows, (j + 2) * rows, (j + 3) * rows]
  let s00 = 0
  let s01 = 0
  let s02 = 0
  let s03 = 0
  let s10 = 0
  let s11 = 0
  let s12 = 0
  let s13 = 0
  for (let t = from; t < to; t++) {
    const x = byColumn[a0 + t]
    const y = byColumn[a1 + t]
    const p = byColumn[b0 + t]
    const q = byColumn[b1 + t]
    const r = byColumn[b2 + t]
    const s = byColumn[b3 + t]
    s00 += x * p
    s01 += x * q
    s02 += x * r
    s03 += x * s
    s10 += y * p
    s11 += y * q
    s12 += y * r
    s13 += y * s
  }
  const first = i * padded + j
  const second = first + padded
  sums[first] += s00
  sums[first + 1] += s01
  sums[first + 2] += s02
  sums[first + 3] += s03
  sums[second] += s10
  sums[second + 1] += s11
  sums[second + 2] += s12
  sums[second + 3] += s13
}
