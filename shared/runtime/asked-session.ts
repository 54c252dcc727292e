import { type Session, session } from '../domain/market/session.ts'
import { tradingCalendar } from '../domain/market/trading-calendar.ts'
import type { Clock } from '../ports/clock.ts'
import { InputError } from '../ports/errors.ts'
import type { Opening } from './step.ts'

/**
 * The exchange's session after whose close a run looks at the market: the one a person asks for, else the clock's, else the last completed.
 * @throws InputError for a date on which the exchange does not trade, that no calendar knows, or that has not closed yet.
 */
export function askedSession(
  workflow: string,
  { params, slot }: Pick<Opening<{ readonly date?: string | undefined }>, 'params' | 'slot'>,
  clock: Clock,
): Session {
  const calendar = tradingCalendar('XNYS')
  const completed = calendar.lastCompleted(clock.now())
  const date = session(params.date ?? slot?.to ?? completed)
  if (date < calendar.first || date > completed) {
    throw new InputError(
      `${workflow} of ${date}: expected a session from ${calendar.first} to ${completed}, the last that has closed`,
    )
  }
  if (!calendar.isSession(date)) {
    throw new InputError(
      `${workflow} of ${date}: no session, expected a trading day such as ${calendar.onOrBefore(date)}`,
    )
  }
  return date
}
