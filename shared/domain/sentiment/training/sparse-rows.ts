import { DENSE_FEATURES, sentimentFeatures } from '../features.ts'

/** Rows of features, most of them absent: row r has the ids and weights from `starts[r]` to `starts[r + 1]`, and `width` dense ones. */
export interface SparseRows {
  readonly rows: number
  readonly starts: Uint32Array
  readonly ids: Uint32Array
  readonly weights: Float32Array
  /** Row by row. */
  readonly dense: Float32Array
  readonly width: number
}

/** The features of texts, a row each, as the model will see them in use. */
export function featureRows(texts: readonly { readonly text: string }[]): SparseRows {
  const features = texts.map(({ text }) => sentimentFeatures(text))
  const width = DENSE_FEATURES.length
  const starts = new Uint32Array(texts.length + 1)
  for (let row = 0; row < features.length; row++) starts[row + 1] = starts[row] + features[row].ids.length
  const ids = new Uint32Array(starts[texts.length])
  const weights = new Float32Array(starts[texts.length])
  const dense = new Float32Array(texts.length * width)
  features.forEach((text, row) => {
    ids.set(text.ids, starts[row])
    weights.set(text.weights, starts[row])
    dense.set(text.dense, row * width)
  })
  return { rows: texts.length, starts, ids, weights, dense, width }
}

/** Some of the rows, in the order asked for. */
export function selectRows(from: SparseRows, wanted: readonly number[]): SparseRows {
  const { width } = from
  const starts = new Uint32Array(wanted.length + 1)
  wanted.forEach((row, i) => {
    starts[i + 1] = starts[i] + from.starts[row + 1] - from.starts[row]
  })
  const ids = new Uint32Array(starts[wanted.length])
  const weights = new Float32Array(starts[wanted.length])
  const dense = new Float32Array(wanted.length * width)
  wanted.forEach((row, i) => {
    ids.set(from.ids.subarray(from.starts[row], from.starts[row + 1]), starts[i])
    weights.set(from.weights.subarray(from.starts[row], from.starts[row + 1]), starts[i])
    dense.set(from.dense.subarray(row * width, (row + 1) * width), i * width)
  })
  return { rows: wanted.length, starts, ids, weights, dense, width }
}
