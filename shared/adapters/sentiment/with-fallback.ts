import type { Reading } from '../../domain/signals/sentiment/reading.ts'
import type { SentimentClassifier } from '../../ports/sentiment-classifier.ts'
import type { SentimentReader } from '../../ports/sentiment-reader.ts'
import { type CircuitBreaker, circuitBreaker } from './circuit-breaker.ts'

export interface FallbackOptions {
  /** Hears of every batch that the fallback had to read, and why. */
  readonly onDegraded: (reason: string) => void
  readonly breaker?: CircuitBreaker
  /** A batch that the primary has not read by then counts as failed. Default: as long as it takes. */
  readonly primaryMs?: number
}

/** Reads with one classifier, whose failures are the caller's. */
export function sentimentReader(classifier: SentimentClassifier): SentimentReader {
  return {
    async read(texts, signal) {
      return readings(classifier, texts, signal)
    },
  }
}

/**
 * Reads each batch with the primary, and with the fallback when that fails or has failed too often lately. A batch is read by one of them
 * alone. What the fallback reads is marked `degraded` with the reason. When the caller aborts, nobody stands in.
 */
export function withFallback(
  primary: SentimentClassifier,
  fallback: SentimentClassifier,
  { onDegraded, breaker = circuitBreaker(), primaryMs }: FallbackOptions,
): SentimentReader {
  const standIn = async (texts: readonly string[], reason: string, signal?: AbortSignal) => {
    onDegraded(reason)
    return readings(fallback, texts, signal, { degraded: true, reason })
  }

  return {
    async read(texts, signal) {
      if (texts.length === 0) return []
      const { backend } = primary.provenance
      if (!breaker.mayTry()) {
        return standIn(texts, `${backend} is left alone for a while: ${breaker.reason ?? 'it is on trial'}`, signal)
      }
      const tooLate = primaryMs === undefined ? undefined : AbortSignal.timeout(primaryMs)
      try {
        const found = await readings(primary, texts, eitherOf(signal, tooLate))
        breaker.succeeded()
        return found
      } catch (error) {
        if (signal?.aborted) {
          breaker.abandoned()
          throw error
        }
        const reason = tooLate?.aborted ? `not done within ${(primaryMs ?? 0) / 1000} s` : (error as Error).message
        breaker.failed(reason)
        return standIn(texts, `${backend}: ${reason}`, signal)
      }
    },
  }
}

function eitherOf(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined {
  return a && b ? AbortSignal.any([a, b]) : (a ?? b)
}

async function readings(
  classifier: SentimentClassifier,
  texts: readonly string[],
  signal?: AbortSignal,
  mark: { readonly degraded?: boolean; readonly reason?: string } = {},
): Promise<readonly Reading[]> {
  const found = await classifier.classify(texts, signal)
  if (found.length !== texts.length) {
    throw new RangeError(`${classifier.provenance.backend} read ${found.length} of ${texts.length} texts`)
  }
  const reader = { ...classifier.provenance, ...mark }
  return found.map(({ negative, neutral, positive }) => ({ negative, neutral, positive, reader }))
}
