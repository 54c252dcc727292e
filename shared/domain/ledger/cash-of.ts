import { add, type Decimal, subtract, ZERO } from '../money/decimal.ts'
import type { LedgerEntry } from './entry.ts'
import { tradeValue } from './trade-value.ts'

/** What an entry does to the cash; openings and splits do nothing. */
export function cashMove(entry: LedgerEntry): Decimal {
  if (entry.kind === 'flow') return entry.amount
  if (entry.kind === 'dividend') return entry.net
  if (entry.kind !== 'trade') return ZERO
  const value = tradeValue(entry.quantity, entry.price)
  return entry.side === 'sell' ? subtract(value, entry.fee) : subtract(subtract(ZERO, value), entry.fee)
}

/** The cash that entries come to: the book's, without folding it. */
export function cashOf(entries: Iterable<LedgerEntry>): Decimal {
  let cash = ZERO
  for (const entry of entries) cash = add(cash, cashMove(entry))
  return cash
}
