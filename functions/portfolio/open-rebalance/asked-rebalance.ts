import { type Session, session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import type { Clock } from '../../../shared/ports/clock.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Opening } from '../../../shared/runtime/step.ts'

/**
 * The session that orders are asked for: a person's, else the clock's, else the next one; and the one before it, which must have closed.
 * @throws InputError for a date on which the exchange does not trade, or that is too far ahead to be decided.
 */
export function askedRebalance(
  { params, slot }: Pick<Opening<{ readonly date?: string | undefined }>, 'params' | 'slot'>,
  clock: Clock,
): { readonly session: Session; readonly asOf: Session } {
  const calendar = tradingCalendar('XNYS')
  const latest = calendar.next(calendar.lastCompleted(clock.now()))
  const date = session(params.date ?? slot?.to ?? latest)
  if (date <= calendar.first || date > latest) {
    throw new InputError(
      `Orders for ${date}: expected a session after ${calendar.first} and up to ${latest}, the next one`,
    )
  }
  if (!calendar.isSession(date)) {
    throw new InputError(`Orders for ${date}: no session, expected a trading day such as ${calendar.onOrBefore(date)}`)
  }
  return { session: date, asOf: calendar.previous(date) }
}
