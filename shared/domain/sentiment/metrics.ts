import { likeliestLabel, SENTIMENT_LABELS, type SentimentLabel, type SentimentProbabilities } from './sentiment.ts'

/** How well probabilities fit labels. Undefined figures of no texts are NaN. */
export interface SentimentFigures {
  readonly texts: number
  /** Share of texts whose likeliest label is theirs. */
  readonly accuracy: number
  /** Mean of the three labels' F1 = 2TP / (2TP + FP + FN); a label that neither occurs nor is answered counts 0. */
  readonly macroF1: number
  /** Share of texts called positive that are negative, or the reverse: the mistakes that cost most. */
  readonly wrongSign: number
  /** Mean of −ln P(label). */
  readonly logLoss: number
  /** Expected calibration error over ten equal bins of the likeliest label's probability. */
  readonly calibrationError: number
}

const BINS = 10

/**
 * Figures of a classifier on labelled texts, the two given in one order.
 * @see Guo, Pleiss, Sun, Weinberger (2017), "On Calibration of Modern Neural Networks", ICML: expected calibration error.
 */
export function sentimentFigures(
  answers: readonly SentimentProbabilities[],
  labels: readonly SentimentLabel[],
): SentimentFigures {
  if (answers.length !== labels.length) throw new RangeError(`${answers.length} answers to ${labels.length} labels`)
  const counts = new Map<string, number>()
  const binCounts = new Float64Array(BINS)
  const binSurplus = new Float64Array(BINS)
  let logLoss = 0
  for (let i = 0; i < labels.length; i++) {
    const answer = likeliestLabel(answers[i])
    const key = `${labels[i]} ${answer}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    logLoss -= Math.log(answers[i][labels[i]])
    const bin = Math.min(BINS - 1, Math.floor(answers[i][answer] * BINS))
    binCounts[bin]++
    binSurplus[bin] += answers[i][answer] - (answer === labels[i] ? 1 : 0)
  }
  const count = (label: SentimentLabel, answer: SentimentLabel) => counts.get(`${label} ${answer}`) ?? 0
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const f1 = SENTIMENT_LABELS.map((label) => {
    const hits = count(label, label)
    const mistakes = sum(
      SENTIMENT_LABELS.map((other) => (other === label ? 0 : count(label, other) + count(other, label))),
    )
    return hits === 0 ? 0 : (2 * hits) / (2 * hits + mistakes)
  })
  return {
    texts: labels.length,
    accuracy: sum(SENTIMENT_LABELS.map((label) => count(label, label))) / labels.length,
    macroF1: labels.length === 0 ? Number.NaN : sum(f1) / f1.length,
    wrongSign: (count('negative', 'positive') + count('positive', 'negative')) / labels.length,
    logLoss: logLoss / labels.length,
    calibrationError: sum(Array.from(binSurplus, Math.abs)) / sum(Array.from(binCounts)),
  }
}
