import type { SentimentProbabilities } from '../domain/sentiment/sentiment.ts'

/** Tells how good the news of headlines is. */
export interface SentimentClassifier {
  /** Who really answers: stored beside every score, so that a change of model can be told from a change of mood. */
  readonly provenance: {
    readonly backend: string
    readonly model: string
    /** Of the model's file, in hexadecimal; empty where there is no file to take it of. */
    readonly sha256: string
    /** Whether 0.8 means right four times in five; otherwise only the label is meant. */
    readonly calibrated: boolean
  }

  /**
   * One answer a text, in the order of the texts, whatever they are. A text without a word in it says nothing: whoever asks leaves it
   * out, and gets what the backend answers to nothing if not. Throws `UnavailableError` when the backend is away.
   */
  classify(texts: readonly string[], signal?: AbortSignal): Promise<readonly SentimentProbabilities[]>
}
