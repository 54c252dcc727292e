import type { SentimentProbabilities } from '../../sentiment/sentiment.ts'

/** Who read a headline: enough to do it again. */
export interface Reader {
  readonly backend: string
  readonly model: string
  /** Of the model's files, in hexadecimal; empty where there are none to take it of. */
  readonly sha256: string
  /** Whether the probabilities mean what they say; the one label of a language model does not. */
  readonly calibrated: boolean
  /** True when it stood in for the backend that was wanted, for the reason given. */
  readonly degraded?: boolean
  readonly reason?: string
}

/** What a headline was found to say, and who found it. */
export interface Reading extends SentimentProbabilities {
  readonly reader: Reader
}
