/** A trading date on an exchange's calendar, `YYYY-MM-DD`. Not an instant: a session has an open and a close. */
export type Session = string & { readonly __brand: 'Session' }

/** Milliseconds since the epoch, UTC. */
export type Instant = number & { readonly __brand: 'Instant' }

export const DAY_MS = 86_400_000

/** The last day that is written with four digits: no end. */
export const LAST_DAY = '9999-12-31' as Session

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/

/** Whether the text is an existing calendar date written `YYYY-MM-DD`. */
export function isSession(text: string): text is Session {
  const match = ISO_DATE.exec(text)
  if (!match) return false
  const at = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return new Date(at).toISOString().startsWith(text)
}

/** Reads a date, refusing what is not one: `Session "2026-02-30" is not a date (expected YYYY-MM-DD)`. */
export function session(text: string): Session {
  if (!isSession(text)) throw new RangeError(`Session "${text}" is not a date (expected YYYY-MM-DD)`)
  return text
}

/** The session's date at 00:00 UTC: the `at` of its daily bar. */
export function sessionToMs(date: Session): Instant {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) as Instant
}

/** The UTC date of an instant. */
export function msToSession(at: number): Session {
  return new Date(at).toISOString().slice(0, 10) as Session
}

/** The date `days` calendar days later (earlier when negative). */
export function addDays(date: Session, days: number): Session {
  return msToSession(sessionToMs(date) + days * DAY_MS)
}

/** The same day so many years earlier; the 29th of February becomes the 28th. */
export function yearsBefore(date: Session, years: number): Session {
  return session(`${Number(date.slice(0, 4)) - years}${date.slice(4).replace('02-29', '02-28')}`)
}

export function instant(at: number | Date): Instant {
  const ms = typeof at === 'number' ? at : at.getTime()
  if (!Number.isFinite(ms)) throw new RangeError(`Instant ${String(at)} is not a time`)
  return ms as Instant
}
