import { add, compare, toText, ZERO } from '../money/decimal.ts'
import { cashMove } from './cash-of.ts'
import { compareEntries } from './compare-entries.ts'
import type { LedgerEntry } from './entry.ts'
import { applyEntry, EMPTY_BOOK } from './fold-book.ts'

export interface Refusal {
  /** The added entry that is to blame: the one that cannot be, or the last before what it makes impossible. */
  readonly entry: LedgerEntry
  readonly reason: string
}

/**
 * Why a ledger would not be right with these entries added: more sold than is held, or cash below zero at the end of a session, then or in
 * what is recorded of later sessions. Undefined when nothing speaks against them. What was wrong before is not blamed on them.
 */
export function findRefusal(recorded: readonly LedgerEntry[], added: readonly LedgerEntry[]): Refusal | undefined {
  const known = new Set(recorded.map(({ key }) => key))
  const fresh = new Set(added.filter(({ key }) => !known.has(key)))
  const all = [...recorded, ...fresh].sort(compareEntries)
  let book = EMPTY_BOOK
  let last: LedgerEntry | undefined
  let moved = ZERO
  for (const [i, entry] of all.entries()) {
    if (fresh.has(entry)) {
      last = entry
      moved = add(moved, cashMove(entry))
    }
    try {
      book = applyEntry(book, entry)
    } catch (error) {
      if (last === undefined || !(error instanceof RangeError)) throw error
      return { entry: last, reason: `${error.message} on ${entry.session}` }
    }
    const ends = all[i + 1]?.session !== entry.session
    if (ends && last !== undefined && compare(book.cash, ZERO) < 0 && compare(moved, ZERO) < 0) {
      return { entry: last, reason: `cash would be ${toText(book.cash)} after ${entry.session}` }
    }
  }
  return undefined
}
