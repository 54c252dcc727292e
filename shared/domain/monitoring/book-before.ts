import type { Book } from '../ledger/book.ts'
import type { LedgerEntry } from '../ledger/entry.ts'
import { foldBook, positionsHeld } from '../ledger/fold-book.ts'
import type { Session } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'

/** The book at the close of the session before a first one. */
export function bookBefore(entries: readonly LedgerEntry[], from: Session): Book {
  return foldBook(entries.slice(0, firstEntryOf(entries, from)))
}

/** Names that are held before a first session or move from then on: those whose bars are needed. */
export function symbolsToMark(before: Book, entries: readonly LedgerEntry[], from: Session): string[] {
  const held = positionsHeld(before).map(({ symbol }) => symbol)
  const later = entries.slice(firstEntryOf(entries, from))
  return [...new Set([...held, ...later.flatMap((entry) => (entry.kind === 'flow' ? [] : [entry.symbol]))])].sort()
}

/** The first entry that counts to a session: what came between two sessions counts to the later one. */
export function firstEntryOf(entries: readonly LedgerEntry[], from: Session): number {
  const previous = tradingCalendar('XNYS').previous(from)
  const first = entries.findIndex(({ session }) => session > previous)
  return first < 0 ? entries.length : first
}
