import { SENTIMENT_LABELS, type SentimentLabel } from '../sentiment.ts'

/** A headline with its label, and where it is from: sources label and write in manners of their own. */
export interface LabelledText {
  readonly text: string
  readonly label: SentimentLabel
  readonly source: string
}

/**
 * The texts without repetitions: of those with the same letters and digits, whatever their case, the first is kept, and none when they
 * disagree on the label. So no text is on both sides of a fold.
 */
export function withoutRepetitions(texts: readonly LabelledText[]): LabelledText[] {
  const byKey = new Map<string, LabelledText[]>()
  for (const text of texts) {
    const key = text.text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
    const same = byKey.get(key)
    if (same === undefined) byKey.set(key, [text])
    else same.push(text)
  }
  return [...byKey.values()]
    .filter((same) => same.every(({ label }) => label === same[0].label))
    .map(([first]) => first)
}

/**
 * P(label) of each text, row by row: 1 for its own, of which `doubt` is taken and shared by all labels alike. A little doubt keeps a fit
 * from bending itself to mistaken labels.
 * @see Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016), "Rethinking the Inception Architecture", CVPR, section 7: label smoothing.
 */
export function targetsOf(texts: readonly LabelledText[], doubt = 0): Float64Array {
  const labels = SENTIMENT_LABELS.length
  const targets = new Float64Array(texts.length * labels).fill(doubt / labels)
  texts.forEach(({ label }, row) => {
    targets[row * labels + SENTIMENT_LABELS.indexOf(label)] += 1 - doubt
  })
  return targets
}
