import type { LinearSentimentModel } from '../linear-model.ts'
import { CLASSES, type LinearFit } from './logistic-regression.ts'

const LARGEST_BYTE = 127

/**
 * A fit as a model to keep: the table in bytes, each label's largest weight being 127, and all logits divided by a temperature.
 */
export function quantise(fit: LinearFit, recipe: string, temperature: number): LinearSentimentModel {
  const table = new Int8Array(fit.table.length)
  const scales = new Float32Array(CLASSES)
  for (let c = 0; c < CLASSES; c++) {
    let largest = 0
    for (let at = c; at < fit.table.length; at += CLASSES) largest = Math.max(largest, Math.abs(fit.table[at]))
    for (let at = c; at < fit.table.length && largest > 0; at += CLASSES) {
      table[at] = Math.round((fit.table[at] / largest) * LARGEST_BYTE)
    }
    scales[c] = largest / LARGEST_BYTE / temperature
  }
  const tempered = (weight: number) => weight / temperature
  return {
    recipe,
    bits: Math.log2(fit.table.length / CLASSES),
    table,
    scales,
    dense: Float32Array.from(fit.dense, tempered),
    intercepts: Float32Array.from(fit.intercepts, tempered),
  }
}
