import { DAY_MS, type Instant } from '../../market/session.ts'
import type { ComponentScore } from '../signal.ts'
import { type DistinctHeadline, distinctHeadlines } from './distinct-headlines.ts'
import type { Headline } from './headline.ts'
import type { HeadlineEvidence } from './headline-evidence.ts'
import type { Reader, Reading } from './reading.ts'

export interface SentimentRules {
  /** After so many days a headline counts half. */
  readonly halfLifeDays: number
  /** Headlines of so many days are looked at. */
  readonly windowDays: number
  /** So many headlines of one opinion move the score half of the way. */
  readonly shrinkage: number
  /** Of more headlines about a stock only the newest are read. */
  readonly mostHeadlines: number
  /** How many headlines the evidence names. */
  readonly evidence: number
}

/**
 * The half-life and window of the earlier Python pipeline (SENTIMENT §5): news fades within days, and a week spans one weekend. The
 * shrinkage is new: without it one headline moves the score as far as twenty. The limits bound what a slow backend and a page are given.
 */
export const SENTIMENT_RULES: SentimentRules = {
  ...{ halfLifeDays: 3, windowDays: 7, shrinkage: 3 },
  ...{ mostHeadlines: 100, evidence: 10 },
}

/** How far probabilities may be from summing to one: those of a model are of single precision. */
const ROUNDING = 1e-4

/**
 * The headlines that a decision may look at: published after the window's beginning and not after the decision, each story once, the
 * newest `mostHeadlines` of them, ascending in time. Only these have to be read by a classifier.
 */
export function countedHeadlines<Article extends Headline>(
  articles: readonly Article[],
  decidedAt: Instant,
  rules: SentimentRules = SENTIMENT_RULES,
): DistinctHeadline<Article>[] {
  const opens = decidedAt - rules.windowDays * DAY_MS
  const stories = distinctHeadlines(
    articles.filter(({ publishedAt }) => opens < publishedAt && publishedAt <= decidedAt),
  )
  return stories.slice(-rules.mostHeadlines)
}

/**
 * The sentiment score of a stock, 0 to 100, at the instant of a decision: 50 + 50 × mean × n / (n + shrinkage), of the mean of
 * P(positive) − P(negative) over the counted headlines, weighted by 2^(−age / half-life), with n = (Σw)² / Σw² their effective number
 * (Kish). So neutral news scores 50, and a single headline moves little. No headlines, no score: missing is not neutral.
 *
 * What was published after the decision changes nothing, nor does the order of the articles; a copy of a headline changes only how many
 * copies the evidence reports. The evidence names the weightiest headlines with what was read in them, and who read.
 * @param articles of this stock.
 * @param readings by article id, those of the counted headlines must be there; undefined when nobody has read any, and then there is no
 *   score either.
 * @throws RangeError when a counted headline was not read, or its probabilities are none.
 * @see Kish (1965), "Survey Sampling", §11.7, for the effective sample size.
 */
export function sentimentScore(
  symbol: string,
  articles: readonly Headline[],
  readings: ReadonlyMap<string, Reading> | undefined,
  decidedAt: Instant,
  rules: SentimentRules = SENTIMENT_RULES,
): ComponentScore {
  const counted = countedHeadlines(articles, decidedAt, rules)
  if (counted.length === 0) {
    return { symbol, score: undefined, reason: `no headlines in the last ${rules.windowDays} days` }
  }
  if (!readings) {
    return { symbol, score: undefined, reason: `nobody has read the headlines of the last ${rules.windowDays} days` }
  }
  const weighed = counted.map(({ article, copies }) => {
    const weight = 2 ** (-(decidedAt - article.publishedAt) / (rules.halfLifeDays * DAY_MS))
    return { article, copies, weight, reading: checkedReading(article, readings.get(article.id)) }
  })
  const total = sumOf(weighed, ({ weight }) => weight)
  const mean = sumOf(weighed, ({ weight, reading }) => weight * (reading.positive - reading.negative)) / total
  const effectiveCount = total ** 2 / sumOf(weighed, ({ weight }) => weight ** 2)
  const score = 50 + (50 * mean * effectiveCount) / (effectiveCount + rules.shrinkage)
  const evidence: HeadlineEvidence = {
    headlines: weighed.length,
    copies: sumOf(weighed, ({ copies }) => copies),
    effectiveCount,
    mean,
    top: weighed
      .toSorted((a, b) => b.weight - a.weight)
      .slice(0, rules.evidence)
      .map(({ article, copies, weight, reading: { negative, neutral, positive } }) => ({
        ...{ title: article.title, publisher: article.publisher, url: article.url },
        publishedAt: new Date(article.publishedAt).toISOString(),
        ...{ negative, neutral, positive, weight: weight / total, copies },
      })),
    readers: distinctReaders(weighed.map(({ reading }) => reading.reader)),
  }
  return {
    symbol,
    // A thousandth of rounding in the probabilities must not leave the scale.
    score: Math.min(100, Math.max(0, score)),
    parts: [{ name: 'headlines', value: mean, score, weight: 1 }],
    coverage: 1,
    evidence: { ...evidence },
  }
}

function checkedReading({ id, title }: Headline, reading: Reading | undefined): Reading {
  if (!reading) throw new RangeError(`The headline ${JSON.stringify(title)} (${id}) was not read`)
  const { negative, neutral, positive } = reading
  const valid = [negative, neutral, positive].every((probability) => probability >= 0 && probability <= 1)
  if (!valid || Math.abs(negative + neutral + positive - 1) > ROUNDING) {
    const found = [negative, neutral, positive].join(', ')
    throw new RangeError(`Probabilities ${found} of ${JSON.stringify(title)}, expected three that sum to one`)
  }
  return reading
}

function distinctReaders(readers: readonly Reader[]): Reader[] {
  return [...new Map(readers.map((reader) => [JSON.stringify(reader), reader])).values()]
}

function sumOf<Row>(rows: readonly Row[], value: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0)
}
