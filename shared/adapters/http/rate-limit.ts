/** Lets requests go one after another, evenly spaced. */
export interface RateLimit {
  /** Resolves when it is the caller's turn. */
  turn(): Promise<void>
  /** Holds back every turn not yet given out for so long: the other side asked for quiet. */
  pause(ms: number): void
}

export interface RateLimitOptions {
  readonly perSecond: number
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

/** At most so many turns a second, without bursts; turns are given in the order they were asked for. */
export function rateLimit({ perSecond, now, sleep }: RateLimitOptions): RateLimit {
  let next = Number.NEGATIVE_INFINITY
  return {
    async turn() {
      const at = now()
      const slot = Math.max(at, next)
      next = slot + 1000 / perSecond
      if (slot > at) await sleep(slot - at)
    },
    pause(ms) {
      next = Math.max(next, now() + ms)
    },
  }
}
