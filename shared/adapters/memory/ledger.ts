import { compareEntries } from '../../domain/ledger/compare-entries.ts'
import type { LedgerEntry } from '../../domain/ledger/entry.ts'
import { foldBook } from '../../domain/ledger/fold-book.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { otherSource } from '../history/other-source.ts'

/** A ledger in this process. */
export function memoryLedger(): Ledger {
  let recorded = new Map<string, LedgerEntry>()
  let owner: string | undefined
  const entries: Ledger['entries'] = async (through, from) =>
    [...recorded.values()]
      .filter(({ session }) => (through === undefined || session <= through) && (from === undefined || session >= from))
      .sort(compareEntries)
  return {
    async record(source, given) {
      if (owner !== undefined && owner !== source) throw otherSource(owner, source)
      const all = new Map([...given].reverse().map((entry) => [entry.key, entry]))
      for (const [key, entry] of recorded) all.set(key, entry)
      const book = foldBook(all.values())
      const added = all.size - recorded.size
      recorded = all
      if (all.size > 0) owner = source
      return { recorded: added, book }
    },
    entries,
    book: async (through) => foldBook(await entries(through)),
    source: async () => owner,
  }
}
