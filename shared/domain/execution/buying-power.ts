import { groupBy } from '../group-by.ts'
import { cashOf } from '../ledger/cash-of.ts'
import type { LedgerEntry } from '../ledger/entry.ts'
import type { Session } from '../market/session.ts'
import { add, type Decimal, min, subtract, ZERO } from '../money/decimal.ts'
import { fillEntry } from './fill-entry.ts'
import type { Fill } from './order.ts'

/**
 * What there is to buy with from a session on: the least cash at the end of it or of any later one, so that what is paid in later pays for
 * nothing before, and what is spent or taken out later is still there then.
 * @param cash of the book after the last session looked at.
 * @param recorded what the ledger has of the sessions up to that one, from the first on at least.
 * @param fills those of them that are not recorded yet count, too.
 * @param funding the capital that the first fills will bring in, while the ledger has not begun.
 */
export function buyingPower(
  cash: Decimal,
  recorded: readonly LedgerEntry[],
  fills: readonly Fill[],
  funding: Decimal | undefined,
  first: Session,
): Decimal {
  const known = new Set(recorded.map(({ key }) => key))
  const unrecorded = fills.map(fillEntry).filter(({ key }) => !known.has(key))
  const sessions = groupBy([...recorded, ...unrecorded], ({ session }) => session)
  let balance = add(add(funding ?? ZERO, cash), cashOf(unrecorded))
  let least = balance
  for (const [session, entries] of [...sessions].sort(([a], [b]) => (a < b ? 1 : -1))) {
    if (session <= first) break
    balance = subtract(balance, cashOf(entries))
    least = min(least, balance)
  }
  return least
}
