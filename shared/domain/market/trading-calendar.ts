import { cryptoCalendar } from './crypto-calendar.ts'
import type { CalendarName } from './instrument.ts'
import { nyseCalendar } from './nyse-calendar.ts'
import type { Instant, Session } from './session.ts'

/**
 * When a market trades. Dates are trading dates on the exchange, instants are UTC. A date or instant outside `first` to
 * `last` is a `RangeError` naming it and the range, and so is a search that leaves the range; only `ordinal` clamps.
 */
export interface TradingCalendar {
  readonly name: CalendarName
  /** The dates it knows, both inclusive. */
  readonly first: Session
  readonly last: Session

  isSession(date: Session): boolean
  /** The sessions from one date to another, both inclusive, ascending; none when `from` is after `to`. */
  sessions(from: Session, to: Session): Session[]
  /** How many sessions there are from one date to another, both inclusive, without listing them. */
  count(from: Session, to: Session): number
  /** The first session strictly after the date. */
  next(date: Session): Session
  /** The last session strictly before the date. */
  previous(date: Session): Session
  onOrAfter(date: Session): Session
  onOrBefore(date: Session): Session
  /** When a session opens, UTC. A date that is no session is a `RangeError`. */
  openAt(session: Session): Instant
  closeAt(session: Session): Instant
  /** Whether the session closes before its usual hour. */
  isEarlyClose(session: Session): boolean
  /** The last session whose close is at or before the instant. */
  lastCompleted(now: Instant): Session
  /** Whether trading is on: from the open, inclusive, to the close, exclusive. */
  isOpen(now: Instant): boolean

  /**
   * How many sessions the calendar has up to and including the UTC date of an instant, so that a difference of two
   * counts the sessions between. Dates before `first` count 0 and dates after `last` count all: the one question that
   * never throws, cheap enough for each bar.
   */
  ordinal(at: number): number
  /** The session with that ordinal, 1 being the first. */
  sessionAt(ordinal: number): Session
}

/** The calendar of a name. Built once, when first asked for. */
export function tradingCalendar(name: CalendarName): TradingCalendar {
  return name === 'XNYS' ? nyseCalendar() : cryptoCalendar
}
