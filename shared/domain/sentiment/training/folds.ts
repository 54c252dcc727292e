import { randomStream } from '../../simulation/random.ts'
import type { LabelledText } from './labelled-text.ts'

/**
 * Deals texts into folds so that each has its share of every source's every label, to within one text. Answers the fold of each text.
 * The same texts and seed give the same folds.
 */
export function stratifiedFolds(texts: readonly LabelledText[], folds: number, seed: number): Uint8Array {
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= 100))
    throw new RangeError(`${folds} folds, expected 2 to 100`)
  const random = randomStream(seed, 'sentiment folds')
  const order = texts.map((_, row) => row)
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  const dealt = new Map<string, number>()
  const foldOf = new Uint8Array(texts.length)
  for (const row of order) {
    const key = `${texts[row].source}\u001f${texts[row].label}`
    const before = dealt.get(key) ?? 0
    foldOf[row] = before % folds
    dealt.set(key, before + 1)
  }
  return foldOf
}
