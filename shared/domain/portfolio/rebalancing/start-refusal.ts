import type { LedgerEntry } from '../../ledger/entry.ts'
import { type Session, sessionToMs } from '../../market/session.ts'
import { tradingCalendar } from '../../market/trading-calendar.ts'
import { compare, isZero, toText, ZERO } from '../../money/decimal.ts'
import type { StartingPoint } from './starting-point.ts'

/** Why no rebalance can be decided from here, in words; undefined when it can. */
export function startRefusal({ value, names }: StartingPoint, asOf: Session): string | undefined {
  const unpriced = names.filter(({ held, price }) => !isZero(held) && price === undefined)
  if (unpriced.length > 0) {
    const symbols = unpriced.map(({ symbol }) => symbol).join(', ')
    return `No price of ${symbols}, which the fund holds, up to ${asOf}: run ingestion`
  }
  return compare(value, ZERO) > 0 ? undefined : `The fund is worth ${toText(value)}: pay in before it is invested`
}

/** Why signals of a session are too old for a rebalance as of another; undefined when they are not. */
export function staleSignals(signalsAsOf: Session, asOf: Session, maximumAgeSessions: number): string | undefined {
  const calendar = tradingCalendar('XNYS')
  const age = calendar.ordinal(sessionToMs(asOf)) - calendar.ordinal(sessionToMs(signalsAsOf))
  if (age <= maximumAgeSessions) return undefined
  const limit = `expected ${maximumAgeSessions} at most`
  return `The newest signals are of ${signalsAsOf}, ${age} sessions before ${asOf}, ${limit}: run universe and signals first`
}

/**
 * Why a rebalance comes too late: orders for its session, or for a later one, are in the book, so its own would trade a second time, or change
 * what those were decided on. Undefined when there are none.
 * @param entries of its session and of later ones.
 */
export function tooLate(entries: readonly LedgerEntry[], date: Session): string | undefined {
  const filled = entries.findLast(
    (entry) => entry.kind === 'trade' && entry.order !== undefined && entry.session >= date,
  )
  if (filled === undefined) return undefined
  return `Orders for ${date} would trade twice: the book has fills of orders up to ${filled.session}, expected a later session`
}
