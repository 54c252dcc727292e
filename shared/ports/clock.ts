import type { Instant } from '../domain/market/session.ts'

/** Where time comes from, so that a replay or a test can fix it. */
export interface Clock {
  now(): Instant
}

export const systemClock: Clock = { now: () => Date.now() as Instant }

export function fixedClock(at: number): Clock {
  return { now: () => at as Instant }
}
