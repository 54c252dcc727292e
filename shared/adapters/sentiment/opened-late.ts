import type { SentimentClassifier } from '../../ports/sentiment-classifier.ts'

/**
 * A classifier that is opened when it is first asked, and again the next time when that failed. Until it is open, its provenance knows only
 * the backend.
 */
export function openedLate(backend: string, open: () => Promise<SentimentClassifier>): SentimentClassifier {
  let opening: Promise<SentimentClassifier> | undefined
  let provenance: SentimentClassifier['provenance'] = { backend, model: '', sha256: '', calibrated: false }
  return {
    get provenance() {
      return provenance
    },
    async classify(texts, signal) {
      opening ??= open()
      const opened = await opening.catch((error) => {
        opening = undefined
        throw error
      })
      provenance = opened.provenance
      return opened.classify(texts, signal)
    },
  }
}
