import { openedLate } from '../../shared/adapters/sentiment/opened-late.ts'
import { sentimentReader as readerOf, withFallback } from '../../shared/adapters/sentiment/with-fallback.ts'
import type { SentimentReader } from '../../shared/ports/sentiment-reader.ts'
import { guardPort } from '../../shared/runtime/guard.ts'
import type { ClassifierSpec } from '../../shared/runtime/sentiment-settings.ts'
import { objects } from './objects.ts'
import { oncePerProcess, type WiringParts } from './parts.ts'
import { openClassifier } from './sentiment-classifier.ts'

/** Of the ten minutes that a step may take, so that whoever stands in still has time. */
const PRIMARY_MS = 480_000

/** The reader of headlines that the settings name, with the one that stands in for it; made once, so that a breaker remembers. */
export const sentimentReader = oncePerProcess((parts: WiringParts): SentimentReader => {
  const { sentiment } = parts.settings
  const late = (spec: ClassifierSpec) =>
    openedLate(spec.backend, () => openClassifier(spec, async () => objects(parts)))
  const primary = late(sentiment)
  // The embedded model needs nothing that could be away; a file that somebody gave may be missing or broken.
  const embedded = sentiment.backend === 'onnx-linear' && sentiment.model === undefined
  const reader =
    embedded || sentiment.fallback === 'none'
      ? readerOf(primary)
      : withFallback(primary, late({ backend: sentiment.fallback }), {
          primaryMs: PRIMARY_MS,
          onDegraded: (reason) => parts.log.warn({ reason, fallback: sentiment.fallback }, 'sentiment is degraded'),
        })
  return guardPort(reader, 'sentimentReader', parts.database)
})
