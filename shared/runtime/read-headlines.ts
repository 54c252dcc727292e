import { DAY_MS, type Instant } from '../domain/market/session.ts'
import type { Headline } from '../domain/signals/sentiment/headline.ts'
import type { Reading } from '../domain/signals/sentiment/reading.ts'
import { PermanentError, UnavailableError } from '../ports/errors.ts'
import type { NewsStore } from '../ports/ingestion-stores.ts'
import type { SentimentReader } from '../ports/sentiment-reader.ts'

export interface HeadlineQuery {
  readonly symbols: readonly string[]
  /** Whose headlines, by the names under which they are stored. */
  readonly sources: readonly string[]
  readonly decidedAt: Instant
  readonly windowDays: number
}

/** The articles about each symbol in the days before a decision, of all sources together; every symbol has its list. */
export async function articlesBefore(
  news: Pick<NewsStore, 'read'>,
  { symbols, sources, decidedAt, windowDays }: HeadlineQuery,
): Promise<Map<string, Headline[]>> {
  const found = new Map(symbols.map((symbol): [string, Headline[]] => [symbol, []]))
  for (const source of sources) {
    for (const article of await news.read(symbols, source, decidedAt - windowDays * DAY_MS, decidedAt + 1)) {
      // Two sources may give the same id to different stories.
      const headline = { ...article, id: `${source} ${article.id}` }
      for (const symbol of article.symbols) found.get(symbol)?.push(headline)
    }
  }
  return found
}

/** What was read in headlines, and by whom. */
export interface HeadlineReadings {
  /** By the headline's id; undefined when nobody could read them. */
  readonly readings: ReadonlyMap<string, Reading> | undefined
  /** `backend (model)` */
  readonly readers: readonly string[]
  /** Why somebody else than the wanted backend read, or nobody. */
  readonly degraded: string | undefined
}

/**
 * Has all headlines read, each title once, in one call, so that a cross-section is judged by one reader. A reader that is away, or that
 * is not as the settings say, has read nothing: the reason is in `degraded`.
 */
export async function readHeadlines(
  reader: SentimentReader,
  headlines: readonly Headline[],
  signal: AbortSignal,
): Promise<HeadlineReadings> {
  const titles = [...new Set(headlines.map(({ title }) => title))]
  if (titles.length === 0) return { readings: new Map(), readers: [], degraded: undefined }
  let read: readonly Reading[]
  try {
    read = await reader.read(titles, signal)
  } catch (error) {
    if (!(error instanceof UnavailableError || error instanceof PermanentError)) throw error
    return { readings: undefined, readers: [], degraded: `nobody has read the headlines: ${error.message}` }
  }
  const byTitle = new Map(titles.map((title, i) => [title, read[i]]))
  const readings = new Map(headlines.map(({ id, title }) => [id, byTitle.get(title)!]))
  const readers = [...new Set(read.map(({ reader: { backend, model } }) => `${backend} (${model})`))]
  const standIn = read.find(({ reader: { degraded } }) => degraded)?.reader
  const degraded = standIn && `read by ${standIn.backend} instead, ${standIn.reason ?? 'for no reason given'}`
  return { readings, readers, degraded }
}
