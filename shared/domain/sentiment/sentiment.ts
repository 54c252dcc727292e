/** What a headline says of the company, instrument or market it is about. The order is that of a model's columns. */
export const SENTIMENT_LABELS = ['negative', 'neutral', 'positive'] as const

export type SentimentLabel = (typeof SENTIMENT_LABELS)[number]

/** How likely each label is: each in [0, 1], together one. */
export type SentimentProbabilities = Readonly<Record<SentimentLabel, number>>

/** The likeliest label; of equally likely ones the milder: neutral before the others, positive before negative. */
export function likeliestLabel({ negative, neutral, positive }: SentimentProbabilities): SentimentLabel {
  if (neutral >= negative && neutral >= positive) return 'neutral'
  return positive >= negative ? 'positive' : 'negative'
}

/** Reads a label; undefined for any other text. */
export function sentimentLabel(text: string): SentimentLabel | undefined {
  return SENTIMENT_LABELS.find((label) => label === text)
}
