import { readFileSync } from 'node:fs'
import type { SentimentLabel } from '../../../../shared/domain/sentiment/sentiment.ts'

interface SentimentReference {
  readonly hashes: readonly (readonly [string, number])[]
  readonly figures: {
    readonly labels: readonly SentimentLabel[]
    readonly probabilities: readonly (readonly [number, number, number])[]
    readonly accuracy: number
    readonly macroF1: number
    readonly wrongSign: number
    readonly logLoss: number
    readonly calibrationError: number
  }
  readonly regression: {
    readonly x: readonly (readonly number[])[]
    /** How many of the columns of x are to be hashed features; the others are dense. */
    readonly hashed: number
    readonly labels: readonly number[]
    readonly penalty: number
    readonly probabilities: readonly (readonly number[])[]
    readonly weights: readonly (readonly number[])[]
  }
  readonly temperature: {
    readonly logits: readonly (readonly number[])[]
    readonly labels: readonly number[]
    readonly temperature: number
  }
}

/** What scikit-learn and scipy make of the same numbers: tests/reference/sentiment.py. */
export const reference = JSON.parse(
  readFileSync(new URL('../../../reference/sentiment.json', import.meta.url), 'utf8'),
) as SentimentReference
