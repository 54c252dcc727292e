import { type Session, sessionToMs } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'

export interface SessionRange {
  readonly from: Session
  readonly to: Session // inclusive
}

/** A split or dividend, a late bar or a run that died may become known, or be mended, within a week. Settling a session again adds nothing twice. */
const SESSIONS_BACK = 5

/**
 * The sessions to settle: those that a person asks for, or the clock's and the five before. In words, why there are none: an empty range, or
 * one that has not closed.
 * @param completed the last session that has closed.
 */
export function settlementRange(
  asked: { readonly from?: Session | '' | undefined; readonly to?: Session | '' | undefined },
  slot: SessionRange | undefined,
  completed: Session,
): SessionRange | string {
  const calendar = tradingCalendar('XNYS')
  const to = asked.to || slot?.to || completed
  const from = asked.from || (slot ? back(slot.from) : to)
  if (to > completed)
    return `Settlement from ${from} to ${to}: expected sessions up to ${completed}, the last that has closed`
  if (from < calendar.first) return `Settlement from ${from} to ${to}: expected dates from ${calendar.first}`
  if (calendar.count(from, to) === 0) return `Settlement from ${from} to ${to}: there is no session in that range`
  return { from: calendar.onOrAfter(from), to: calendar.onOrBefore(to) }
}

function back(session: Session): Session {
  const calendar = tradingCalendar('XNYS')
  return calendar.sessionAt(Math.max(1, calendar.ordinal(sessionToMs(session)) - SESSIONS_BACK))
}
