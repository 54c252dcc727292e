import type { Mandate } from '../../mandate/mandate.ts'
import { addDays, type Session, session } from '../../market/session.ts'
import type { TradingCalendar } from '../../market/trading-calendar.ts'
import { type Decimal, decimal, divide, multiply, sum } from '../../money/decimal.ts'

/** What the fund may pay out this month, or how much of the history that takes is there. */
export type Spending =
  | { readonly amount: Decimal; readonly smoothedValue: Decimal; readonly quarters: number }
  | { readonly insufficient: true; readonly quarters: number; readonly needed: number }

/** Decimals of the amounts. */
const SCALE = 2

/**
 * The spending rule: a twelfth of the yearly rate of the smoothed value, the mean of the fund's values at the last quarter ends before the
 * session, so that a good year is not spent at once nor a bad one felt at once.
 * @param values the fund's value by session.
 * @see the Norwegian fiscal rule: over time the expected real return of the Government Pension Fund Global, evened out over several years.
 */
export function monthlySpending(
  values: ReadonlyMap<Session, Decimal>,
  before: Session,
  { rate, quarters }: Mandate['income']['spending'],
  calendar: TradingCalendar,
): Spending {
  const found = quarterEnds(before, quarters, calendar).flatMap((end) => values.get(end) ?? [])
  if (found.length < quarters) return { insufficient: true, quarters: found.length, needed: quarters }
  const smoothedValue = divide(sum(found), decimal(quarters), SCALE)
  const amount = divide(multiply(smoothedValue, decimal(rate)), decimal(12), SCALE)
  return { amount, smoothedValue, quarters }
}

/** The last sessions of the quarters that ended before a session, the newest first. */
export function quarterEnds(before: Session, count: number, calendar: TradingCalendar): Session[] {
  const ends: Session[] = []
  let first = session(`${before.slice(0, 4)}-${String(quarterMonth(before)).padStart(2, '0')}-01`)
  while (ends.length < count && first > calendar.first) {
    const last = addDays(first, -1)
    ends.push(calendar.onOrBefore(last))
    first = session(`${last.slice(0, 4)}-${String(quarterMonth(last)).padStart(2, '0')}-01`)
  }
  return ends
}

/** The first month of a date's quarter. */
function quarterMonth(date: Session): number {
  return 3 * Math.floor((Number(date.slice(5, 7)) - 1) / 3) + 1
}
