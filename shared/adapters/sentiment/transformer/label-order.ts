import { SENTIMENT_LABELS, type SentimentLabel } from '../../../domain/sentiment/sentiment.ts'
import { InputError } from '../../../ports/errors.ts'

/** How models spell the three labels, in small letters. */
const SPELLINGS: Readonly<Record<string, SentimentLabel>> = {
  ...{ negative: 'negative', neg: 'negative', bearish: 'negative', bear: 'negative' },
  ...{ neutral: 'neutral', neu: 'neutral' },
  ...{ positive: 'positive', pos: 'positive', bullish: 'positive', bull: 'positive' },
}

/**
 * Which label each column of a model's output is, from `id2label` of its `config.json`: models do not agree on the order.
 * @param given by whoever supplied the model, where the file does not say (`LABEL_0`); it is believed.
 * @throws InputError when the labels are not the three of a sentiment, each once.
 */
export function labelOrder(
  id2label: Readonly<Record<string, string>> | undefined,
  place: string,
  given?: readonly SentimentLabel[],
): readonly SentimentLabel[] {
  const named = given ?? labelsOf(id2label ?? {})
  const order = named.map((name) => SPELLINGS[name.trim().toLowerCase()])
  const complete = order.length === 3 && SENTIMENT_LABELS.every((label) => order.includes(label))
  if (complete) return order
  const found = named.length === 0 ? 'no labels' : `the labels ${named.map((name) => JSON.stringify(name)).join(', ')}`
  if (named.some((name) => /^label_\d+$/i.test(name))) {
    throw new InputError(
      `${place} has ${found}, which do not say what they mean: name them in the order of the model's output, such as negative, neutral, positive`,
    )
  }
  throw new InputError(`${place} has ${found}, expected negative, neutral and positive, each once`)
}

function labelsOf(id2label: Readonly<Record<string, string>>): string[] {
  return Object.keys(id2label)
    .sort((a, b) => Number(a) - Number(b))
    .map((id) => id2label[id])
}
