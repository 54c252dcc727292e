import type { SentimentFeatures } from './features.ts'
import { SENTIMENT_LABELS, type SentimentProbabilities } from './sentiment.ts'

const CLASSES = SENTIMENT_LABELS.length

/**
 * A linear model of hashed features, ready to use: its scores are logits of calibrated probabilities. The table holds bytes, a row an
 * id and a column a label; what a byte stands for is the label's scale.
 */
export interface LinearSentimentModel {
  /** The version of the features it was trained on; others mean nothing to it. */
  readonly recipe: string
  readonly bits: number
  readonly table: Int8Array
  readonly scales: Float32Array
  /** A row a dense feature. */
  readonly dense: Float32Array
  readonly intercepts: Float32Array
}

/** The logits of negative, neutral and positive: Σ weight·table[id]·scale + dense·V + intercept. */
export function logitsOf(model: LinearSentimentModel, { ids, weights, dense }: SentimentFeatures): Float64Array {
  const logits = new Float64Array(CLASSES)
  for (let c = 0; c < CLASSES; c++) {
    let hashed = 0
    for (let at = 0; at < ids.length; at++) hashed += weights[at] * model.table[ids[at] * CLASSES + c]
    let known = 0
    for (let d = 0; d < dense.length; d++) known += dense[d] * model.dense[d * CLASSES + c]
    logits[c] = hashed * model.scales[c] + known + model.intercepts[c]
  }
  return logits
}

/** The probabilities that logits stand for: their softmax. */
export function probabilitiesOf(logits: ArrayLike<number>): SentimentProbabilities {
  const most = Math.max(logits[0], logits[1], logits[2])
  const negative = Math.exp(logits[0] - most)
  const neutral = Math.exp(logits[1] - most)
  const positive = Math.exp(logits[2] - most)
  const sum = negative + neutral + positive
  return { negative: negative / sum, neutral: neutral / sum, positive: positive / sum }
}
