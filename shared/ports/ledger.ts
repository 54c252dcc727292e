import type { Book } from '../domain/ledger/book.ts'
import type { LedgerEntry } from '../domain/ledger/entry.ts'
import type { Session } from '../domain/market/session.ts'

/**
 * `execution.*`: what happened to holdings and cash. Written by the room `execution` alone; others read. A book belongs to one price
 * source: recording against another is an `InputError`.
 */
export interface Ledger {
  /** Records entries by their keys, in one transaction, and rebuilds `positions` from all of them. Entries known already are left alone. */
  record(source: string, entries: readonly LedgerEntry[]): Promise<{ readonly recorded: number; readonly book: Book }>
  /** All entries up to a session (and from one on), both inclusive, in the order of the fold. */
  entries(through?: Session, from?: Session): Promise<LedgerEntry[]>
  /** The fold of the entries up to a session, inclusive. Quick when nothing of a later session is recorded, however long the ledger. */
  book(through?: Session): Promise<Book>
  /** The price source whose book this is; undefined while nothing is recorded. */
  source(): Promise<string | undefined>
}
