import type { LedgerEntry } from './entry.ts'

const RANKS = { flow: 0, opening: 1, split: 2, dividend: 3, trade: 4 } as const

/**
 * The order in which entries act: by session, then flows, openings, splits, dividends and trades, sells before the buys they pay for,
 * then by key. Zero only for entries of the same key, so that the book does not depend on the order of recording.
 */
export function compareEntries(a: LedgerEntry, b: LedgerEntry): number {
  return compareText(a.session, b.session) || rankOf(a) - rankOf(b) || compareText(a.key, b.key)
}

function rankOf(entry: LedgerEntry): number {
  return RANKS[entry.kind] + (entry.kind === 'trade' && entry.side === 'buy' ? 1 : 0)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
