/** What became of a delivery; carried by every answer in the header `Edgefund-Outcome`. */
export type Outcome = 'done' | 'busy' | 'unavailable' | 'failed' | 'poison'

export const OUTCOME_HEADER = 'edgefund-outcome'

/** Milliseconds after which a delivery that was not done is due again. */
export const RETRY_HEADER = 'edgefund-retry-after-ms'

export const STATUS: Readonly<Record<Outcome, number>> = {
  done: 200,
  busy: 409,
  unavailable: 503,
  failed: 500,
  poison: 422,
}

export interface Answer {
  readonly outcome: Outcome
  readonly run?: string
  /** Events said, when the outcome is `done` and this call did the work. */
  readonly events?: readonly { readonly id: string; readonly subject: string }[]
  readonly reason?: string
  /** When it is worth another try, where the database knows. */
  readonly retryAfterMs?: number
}
