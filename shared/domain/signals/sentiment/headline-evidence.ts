import type { ComponentScore } from '../signal.ts'
import type { Reader } from './reading.ts'

/** A headline that counted, with what was read in it. */
export interface ReadHeadline {
  readonly title: string
  readonly publisher: string
  readonly url: string
  /** ISO, UTC */
  readonly publishedAt: string
  readonly negative: number
  readonly neutral: number
  readonly positive: number
  /** Of all that counted, a fraction. */
  readonly weight: number
  /** How often it was printed again. */
  readonly copies: number
}

/** What stands behind a sentiment score. */
export interface HeadlineEvidence {
  /** How many counted, and how many copies of them were left out. */
  readonly headlines: number
  readonly copies: number
  /** Kish's effective number of headlines. */
  readonly effectiveCount: number
  /** Of P(positive) − P(negative), weighted. */
  readonly mean: number
  /** The weightiest. */
  readonly top: readonly ReadHeadline[]
  readonly readers: readonly Reader[]
}

/** The evidence of a sentiment score, as it comes back from where it was stored; undefined for other components' scores. */
export function headlineEvidence(score: ComponentScore): HeadlineEvidence | undefined {
  if (score.score === undefined || !Array.isArray(score.evidence?.top)) return undefined
  return score.evidence as unknown as HeadlineEvidence
}

/** Who read, in words: `onnx-linear (sentiment-linear 07c6e558), instead of the backend that was wanted: it is away`. */
export function readerText({ backend, model, sha256, calibrated, degraded, reason }: Reader): string {
  const file = sha256 === '' ? '' : `, sha256 ${sha256.slice(0, 16)}…`
  const meaning = calibrated ? '' : ', not calibrated'
  const instead = degraded ? `; it stood in for the backend that was wanted: ${reason ?? 'no reason given'}` : ''
  return `${backend} (${model}${file}${meaning})${instead}`
}
