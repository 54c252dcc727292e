import { addDays, type Instant, type Session, sessionToMs } from '../../market/session.ts'

/**
 * When a score as of a session decides: with the last instant of its UTC day, after the close and before the next open. So a score made
 * on a Sunday and one made again years later see the same headlines.
 */
export function decisionTime(asOf: Session): Instant {
  return (sessionToMs(addDays(asOf, 1)) - 1) as Instant
}
