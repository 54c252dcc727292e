import { minimise } from './lbfgs.ts'
import type { SparseRows } from './sparse-rows.ts'

/** One column a label: the loops below are written out for three, which makes them four times as fast. */
export const CLASSES = 3

/** A fitted multinomial logistic regression. Columns are labels; `table` has a row a feature id, `dense` a row a dense feature. */
export interface LinearFit {
  readonly table: Float64Array
  readonly dense: Float64Array
  readonly intercepts: Float64Array
}

export interface LogisticOptions {
  /** Ids are below this. */
  readonly tableSize: number
  /** Half of this times the sum of squared weights is added to the mean loss. */
  readonly penalty: number
  readonly iterations?: number
  /** Ends when no part of the gradient of the mean loss is larger. */
  readonly tolerance?: number
  /** Where to begin; from zero when absent. The end is the same, to the tolerance, and comes sooner from near it. */
  readonly from?: LinearFit
}

/**
 * Multinomial logistic regression of three classes with a ridge penalty on all but the intercepts, by L-BFGS: minimises
 * mean(−Σ target·log P) + penalty/2 · Σ weights².
 * @param targets P(class) that a row is to have, row by row: 1 and zeros for a label.
 */
export function fitLogistic(
  rows: SparseRows,
  targets: Float64Array,
  { tableSize, penalty, iterations = 100, tolerance = 1e-4, from }: LogisticOptions,
): LinearFit {
  if (targets.length !== rows.rows * CLASSES) throw new RangeError(`${targets.length} targets for ${rows.rows} rows`)
  // Only ids that occur are moved by anything: of a small set of texts, few of the table.
  const { ids, place } = occurring(rows.ids, tableSize)
  const packed = { ...rows, ids: rows.ids.map((id) => place[id]) }
  const denseFrom = ids.length * CLASSES
  const interceptsFrom = denseFrom + rows.width * CLASSES
  const point = from === undefined ? new Float64Array(interceptsFrom + CLASSES) : joined(packedFit(from, ids))
  const scores = new Float64Array(rows.rows * CLASSES)

  minimise(
    (at, gradient) => {
      score(packed, at, denseFrom, scores)
      const loss = lossAndErrors(scores, targets)
      gradient.fill(0)
      spread(packed, scores, gradient, denseFrom)
      let squares = 0
      for (let i = 0; i < interceptsFrom; i++) {
        squares += at[i] * at[i]
        gradient[i] += penalty * at[i]
      }
      return loss + (penalty / 2) * squares
    },
    point,
    { iterations, tolerance },
  )
  const table = new Float64Array(tableSize * CLASSES)
  ids.forEach((id, i) => {
    table.set(point.subarray(i * CLASSES, (i + 1) * CLASSES), id * CLASSES)
  })
  return { table, dense: point.slice(denseFrom, interceptsFrom), intercepts: point.slice(interceptsFrom) }
}

/** The logits of rows by a fit, row by row. */
export function scoresOf(rows: SparseRows, fit: LinearFit): Float64Array {
  const scores = new Float64Array(rows.rows * CLASSES)
  score(rows, joined(fit), fit.table.length, scores)
  return scores
}

/** The ids that occur, ascending, and the place of each among them. */
function occurring(all: Uint32Array, tableSize: number): { ids: Uint32Array; place: Uint32Array } {
  const place = new Uint32Array(tableSize)
  for (let at = 0; at < all.length; at++) place[all[at]] = 1
  const ids = new Uint32Array(place.reduce((sum, occurs) => sum + occurs, 0))
  let next = 0
  for (let id = 0; id < tableSize; id++) {
    if (place[id] === 0) continue
    place[id] = next
    ids[next++] = id
  }
  return { ids, place }
}

function packedFit(fit: LinearFit, ids: Uint32Array): LinearFit {
  const table = new Float64Array(ids.length * CLASSES)
  ids.forEach((id, i) => {
    table.set(fit.table.subarray(id * CLASSES, (id + 1) * CLASSES), i * CLASSES)
  })
  return { ...fit, table }
}

function joined({ table, dense, intercepts }: LinearFit): Float64Array {
  const point = new Float64Array(table.length + dense.length + intercepts.length)
  point.set(table)
  point.set(dense, table.length)
  point.set(intercepts, table.length + dense.length)
  return point
}

function score(
  { rows, starts, ids, weights, dense, width }: SparseRows,
  point: Float64Array,
  denseFrom: number,
  scores: Float64Array,
): void {
  const interceptsFrom = denseFrom + width * CLASSES
  for (let row = 0; row < rows; row++) {
    let a = point[interceptsFrom]
    let b = point[interceptsFrom + 1]
    let c = point[interceptsFrom + 2]
    for (let at = starts[row]; at < starts[row + 1]; at++) {
      const base = ids[at] * CLASSES
      const weight = weights[at]
      a += weight * point[base]
      b += weight * point[base + 1]
      c += weight * point[base + 2]
    }
    for (let d = 0; d < width; d++) {
      const base = denseFrom + d * CLASSES
      const value = dense[row * width + d]
      a += value * point[base]
      b += value * point[base + 1]
      c += value * point[base + 2]
    }
    scores[row * CLASSES] = a
    scores[row * CLASSES + 1] = b
    scores[row * CLASSES + 2] = c
  }
}

/** The mean loss; the scores become what each row's scores must move against: (P − target) / rows. */
function lossAndErrors(scores: Float64Array, targets: Float64Array): number {
  const rows = scores.length / CLASSES
  let loss = 0
  for (let at = 0; at < scores.length; at += CLASSES) {
    const most = Math.max(scores[at], scores[at + 1], scores[at + 2])
    const a = Math.exp(scores[at] - most)
    const b = Math.exp(scores[at + 1] - most)
    const c = Math.exp(scores[at + 2] - most)
    const logSum = most + Math.log(a + b + c)
    for (let k = at; k < at + CLASSES; k++) {
      const log = scores[k] - logSum
      loss -= targets[k] * log
      scores[k] = (Math.exp(log) - targets[k]) / rows
    }
  }
  return loss / rows
}

function spread(
  { rows, starts, ids, weights, dense, width }: SparseRows,
  errors: Float64Array,
  gradient: Float64Array,
  denseFrom: number,
): void {
  const interceptsFrom = denseFrom + width * CLASSES
  for (let row = 0; row < rows; row++) {
    const a = errors[row * CLASSES]
    const b = errors[row * CLASSES + 1]
    const c = errors[row * CLASSES + 2]
    for (let at = starts[row]; at < starts[row + 1]; at++) {
      const base = ids[at] * CLASSES
      const weight = weights[at]
      gradient[base] += weight * a
      gradient[base + 1] += weight * b
      gradient[base + 2] += weight * c
    }
    for (let d = 0; d < width; d++) {
      const base = denseFrom + d * CLASSES
      const value = dense[row * width + d]
      gradient[base] += value * a
      gradient[base + 1] += value * b
      gradient[base + 2] += value * c
    }
    gradient[interceptsFrom] += a
    gradient[interceptsFrom + 1] += b
    gradient[interceptsFrom + 2] += c
  }
}
