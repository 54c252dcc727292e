import { addDays, type Session, session } from './session.ts'
import type { TradingCalendar } from './trading-calendar.ts'

/**
 * The session a month's rebalance trades in: the first on or after the month's first Monday, so Labor Day's Monday gives Tuesday.
 * @param month `YYYY-MM`
 */
export function rebalanceSession(month: string, calendar: TradingCalendar): Session {
  const first = session(`${month}-01`)
  const weekday = new Date(`${first}T00:00:00Z`).getUTCDay()
  return calendar.onOrAfter(addDays(first, (8 - weekday) % 7))
}

/** The newest rebalance session that is not after the date. */
export function latestRebalanceSession(date: Session, calendar: TradingCalendar): Session {
  const own = rebalanceSession(date.slice(0, 7), calendar)
  return own <= date ? own : rebalanceSession(addDays(session(`${date.slice(0, 7)}-01`), -1).slice(0, 7), calendar)
}

/**
 * The rebalance that a session's morning finds due: its month, `YYYY-MM`, being that of the newest rebalance session so far. On that session
 * it is in time; on a later one it is late, and trades then rather than on a day that is over.
 */
export function dueRebalance(session: Session, calendar: TradingCalendar): { month: string; session: Session } {
  return { month: latestRebalanceSession(session, calendar).slice(0, 7), session }
}

/** The rebalance sessions from one date to another, both inclusive, ascending. */
export function rebalanceSessions(from: Session, to: Session, calendar: TradingCalendar): Session[] {
  const found: Session[] = []
  for (let date = to; date >= from; ) {
    const latest = latestRebalanceSession(date, calendar)
    if (latest < from) break
    found.unshift(latest)
    date = addDays(session(`${latest.slice(0, 7)}-01`), -1)
  }
  return found
}
