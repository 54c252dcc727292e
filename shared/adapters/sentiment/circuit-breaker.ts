/** Whether calls go through: all of them, none, or one on trial. */
export type CircuitState = 'closed' | 'open' | 'half-open'

export interface CircuitBreaker {
  readonly state: CircuitState
  /** Why it is not closed: the last failure. */
  readonly reason: string | undefined
  /** Asks to go through. Whoever may must tell how it went, with one of the three below. */
  mayTry(): boolean
  succeeded(): void
  failed(reason: string): void
  /** Neither: the caller gave up. */
  abandoned(): void
}

export interface CircuitBreakerOptions {
  /** So many failures in a row open it. Default 3. */
  readonly failures?: number
  /** For so long nothing is tried. Default 60,000. */
  readonly openMs?: number
  readonly now?: () => number
}

/**
 * Keeps callers away from what fails: closed until several failures in a row, then open for a time, then half-open, when one call is let
 * through on trial, whose success closes it and whose failure opens it again.
 * @see Nygard (2007), "Release It!", §5.2.
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  const { failures = 3, openMs = 60_000, now = Date.now } = options
  let inARow = 0
  let openedAt: number | undefined
  let onTrial = false
  let reason: string | undefined

  const stateNow = (): CircuitState => {
    if (openedAt === undefined) return 'closed'
    return now() - openedAt >= openMs ? 'half-open' : 'open'
  }

  return {
    get state() {
      return stateNow()
    },
    get reason() {
      return reason
    },
    mayTry() {
      const state = stateNow()
      if (state === 'closed') return true
      if (state === 'open' || onTrial) return false
      onTrial = true
      return true
    },
    succeeded() {
      inARow = 0
      openedAt = undefined
      onTrial = false
      reason = undefined
    },
    failed(why) {
      inARow++
      reason = why
      if (onTrial || inARow >= failures) openedAt = now()
      onTrial = false
    },
    abandoned() {
      onTrial = false
    },
  }
}
