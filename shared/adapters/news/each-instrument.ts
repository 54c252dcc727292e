import type { Instrument } from '../../domain/market/instrument.ts'
import type { Article, FetchedNews, Missing, Provenance } from '../../ports/data-provider.ts'
import { UnavailableError } from '../../ports/errors.ts'
import { inParallel } from '../http/in-parallel.ts'
import { UnreachableError } from '../http/polite-fetch.ts'

/** The source has answered, and the answer is no: the symbol's reason for being missing. */
export class RefusedBySource extends Error {}

const AT_A_TIME = 2
/** So many symbols in a row that could not be reached are an outage. */
const OUTAGE = 4

export interface FoundNews {
  readonly articles: readonly Article[]
  readonly provenance: readonly Provenance[]
}

/**
 * Fetches the news of every instrument, two at a time; an article found under several symbols is one. An instrument that the source
 * refuses or that cannot be reached is missing with its reason.
 * @throws UnavailableError when none could be reached, or four in a row could not. Any other error is thrown as it is.
 */
export async function newsOfEach(
  source: string,
  instruments: readonly Instrument[],
  fetch: (instrument: Instrument) => Promise<FoundNews>,
): Promise<FetchedNews> {
  let inARow = 0
  let reached = 0
  let last: Error | undefined
  const outage = (cause: Error) => new UnavailableError(`${source} cannot be reached: ${cause.message}`, { cause })
  const outcomes = await inParallel(instruments, AT_A_TIME, async (instrument): Promise<FoundNews | Missing> => {
    try {
      const found = await fetch(instrument)
      reached++
      inARow = 0
      return found
    } catch (error) {
      if (error instanceof RefusedBySource) {
        reached++
        inARow = 0
      } else if (error instanceof UnreachableError) {
        last = error
        if (++inARow >= OUTAGE) throw outage(error)
      } else {
        throw error
      }
      return { symbol: instrument.symbol, reason: error.message }
    }
  })
  if (reached === 0 && last) throw outage(last)
  const found = outcomes.filter((outcome) => 'articles' in outcome)
  return {
    articles: mergedArticles(found.flatMap(({ articles }) => articles)),
    missing: outcomes.filter((outcome) => 'reason' in outcome),
    provenance: found.flatMap(({ provenance }) => provenance),
  }
}

/** Each article once, with every symbol under which it was found; ascending in time. */
export function mergedArticles(found: readonly Article[]): Article[] {
  const articles = new Map<string, Article>()
  for (const article of found) {
    const symbols = new Set([...(articles.get(article.id)?.symbols ?? []), ...article.symbols])
    articles.set(article.id, { ...article, symbols: [...symbols].sort() })
  }
  return [...articles.values()].sort((a, b) => a.publishedAt - b.publishedAt || (a.id < b.id ? -1 : 1))
}
