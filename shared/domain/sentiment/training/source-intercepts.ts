import { CLASSES, type LinearFit } from './logistic-regression.ts'
import type { SparseRows } from './sparse-rows.ts'

/**
 * The rows with a dense column more a source, 1 in the rows that are from it. What a source says more often of anything (two thirds of
 * one are neutral, a third of another) is then learned as the source's own habit, and not as what its words mean.
 * @param sources of each row, from 0.
 */
export function withSourceColumns(rows: SparseRows, sources: readonly number[], count: number): SparseRows {
  const width = rows.width + count
  const dense = new Float32Array(rows.rows * width)
  for (let row = 0; row < rows.rows; row++) {
    dense.set(rows.dense.subarray(row * rows.width, (row + 1) * rows.width), row * width)
    dense[row * width + rows.width + sources[row]] = 1
  }
  return { ...rows, dense, width }
}

/**
 * The fit as for a source that it has never seen: the last `count` dense columns, the sources', taken away, and what is the mean of those
 * `seen` left as the habit to expect. The columns of sources that were not in the fitted rows are zero.
 */
export function withoutSourceColumns(fit: LinearFit, count: number, seen: number): LinearFit {
  const kept = fit.dense.length - count * CLASSES
  const intercepts = fit.intercepts.slice()
  for (let at = kept; at < fit.dense.length; at++) intercepts[at % CLASSES] += fit.dense[at] / seen
  return { ...fit, dense: fit.dense.slice(0, kept), intercepts }
}
