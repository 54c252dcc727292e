import { cashOf } from '../ledger/cash-of.ts'
import type { LedgerEntry } from '../ledger/entry.ts'
import { add, type Decimal, ZERO } from '../money/decimal.ts'
import { fillEntry } from './fill-entry.ts'
import type { Fill } from './order.ts'

/**
 * What there is to buy with: the cash of the book, less fills that are not among what is recorded yet, and the capital that the first fills
 * will bring in, while the ledger has not begun.
 */
export function buyingPower(
  cash: Decimal,
  recorded: readonly LedgerEntry[],
  fills: readonly Fill[],
  funding: Decimal | undefined,
): Decimal {
  const known = new Set(recorded.map(({ key }) => key))
  const unrecorded = fills.map(fillEntry).filter(({ key }) => !known.has(key))
  return add(add(funding ?? ZERO, cash), cashOf(unrecorded))
}
