import { DAY_MS } from '../../market/session.ts'
import { type Headline, inOrder } from './headline.ts'
import { titleTokens } from './title-tokens.ts'

/** Shared words over all words of two headlines, from which on they are one story. */
const NEAR = 0.8
/** A near-copy appears within two days; a like headline of another week is news again, such as of another quarter. */
const NEAR_MS = 2 * DAY_MS

/** A headline and how many copies of it were left out. */
export interface DistinctHeadline<Article extends Headline = Headline> {
  readonly article: Article
  readonly copies: number
}

interface Kept<Article extends Headline> {
  readonly article: Article
  readonly words: ReadonlySet<string>
  readonly numbers: string
  copies: number
}

/**
 * Each story once, as it was first published, ascending in time: a syndicated headline must not count for every paper that printed it.
 * Copies are articles of one id, headlines that are equal but for case, punctuation and the source named in them, and near-copies: of the
 * same numbers, within 48 hours, and a Jaccard index of their words of at least 0.8 with one that is kept.
 * Headlines without a word are left out.
 * @see Jaccard (1912), "The distribution of the flora in the alpine zone", New Phytologist 11(2).
 */
export function distinctHeadlines<Article extends Headline>(articles: readonly Article[]): DistinctHeadline<Article>[] {
  const kept: Kept<Article>[] = []
  const known = new Map<string, Kept<Article>>()
  for (const article of inOrder(articles)) {
    const tokens = titleTokens(article.title, article.publisher)
    if (tokens.length === 0) continue
    const title = `title ${tokens.join(' ')}`
    const id = `id ${article.id}`
    const words = new Set(tokens)
    const numbers = tokens.filter((token) => /\p{N}/u.test(token)).join(' ')
    const original =
      known.get(id) ?? known.get(title) ?? kept.find((other) => isNear(other, { article, words, numbers }))
    const story = original ?? { article, words, numbers, copies: 0 }
    if (original) original.copies++
    else kept.push(story)
    // What copies a copy is a copy of the first.
    for (const key of [title, id]) if (!known.has(key)) known.set(key, story)
  }
  return kept.map(({ article, copies }) => ({ article, copies }))
}

type Compared = Pick<Kept<Headline>, 'article' | 'words' | 'numbers'>

function isNear(a: Compared, b: Compared): boolean {
  if (b.article.publishedAt - a.article.publishedAt > NEAR_MS || a.numbers !== b.numbers) return false
  const shared = [...a.words].filter((word) => b.words.has(word)).length
  return shared / (a.words.size + b.words.size - shared) >= NEAR
}
