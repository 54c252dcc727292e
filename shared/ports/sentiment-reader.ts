import type { Reading } from '../domain/signals/sentiment/reading.ts'

/** Reads headlines with the backend that is wanted or with the one that stands in for it; each reading says by whom. */
export interface SentimentReader {
  /** In the texts' order. All of one call are read by the same backend. */
  read(texts: readonly string[], signal?: AbortSignal): Promise<readonly Reading[]>
}
