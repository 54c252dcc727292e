import { type Session, session } from '../../market/session.ts'
import type { UsedTurnover } from './turnover-budget.ts'

/** Counted turnover of earlier reports in the calendar month and the calendar year of a session, as each was a share of the value then. */
export function usedTurnover(
  reports: readonly { readonly session: Session; readonly budgetedTurnover: number }[],
  before: Session,
): UsedTurnover {
  const since = (digits: number) =>
    reports
      .filter((report) => report.session < before && report.session.slice(0, digits) === before.slice(0, digits))
      .reduce((sum, { budgetedTurnover }) => sum + budgetedTurnover, 0)
  return { month: since(7), year: since(4) }
}

/** The first day of a session's calendar year. */
export function yearStart(date: Session): Session {
  return session(`${date.slice(0, 4)}-01-01`)
}
