import { cashMove, cashOf } from '../../ledger/cash-of.ts'
import type { LedgerEntry } from '../../ledger/entry.ts'
import { foldBook, positionsHeld } from '../../ledger/fold-book.ts'
import type { Session } from '../../market/session.ts'
import { add, compare, type Decimal, decimal, max, ZERO } from '../../money/decimal.ts'

/** The sessions that a rebalance lies between, and the report before it. */
export interface RebalanceDates {
  /** The session that the orders are for. */
  readonly session: Session
  /** The last session that had closed. */
  readonly asOf: Session
  /** The order report before this one; undefined for the first. */
  readonly last: { readonly session: Session; readonly asOf: Session } | undefined
}

/** The book as a rebalance finds it. */
export interface StartingBook {
  readonly cash: Decimal
  /** Quantities by symbol, all above zero. */
  readonly held: ReadonlyMap<string, Decimal>
  readonly initialFunding: boolean
  /** As `StartingPoint` has it. */
  readonly inflow: Decimal
  readonly income: Decimal
}

/**
 * The book on the morning of the session: everything up to the last close, and what is paid in, taken out or brought in kind on the day
 * itself, which counts as there before the open. A fund to which nothing has happened has its capital in cash.
 */
export function startingBook(entries: readonly LedgerEntry[], dates: RebalanceDates, capital: string): StartingBook {
  const { session, asOf, last } = dates
  const known = entries.filter((entry) => entry.session <= asOf || (entry.session === session && comesFirst(entry)))
  if (known.length === 0) {
    return { cash: decimal(capital), held: new Map(), initialFunding: true, inflow: ZERO, income: ZERO }
  }
  const book = foldBook(known)
  const yearAgo = `${Number(session.slice(0, 4)) - 1}${session.slice(4)}`
  const flows = known.filter((entry) => entry.kind === 'flow' && entry.session > (last?.session ?? ''))
  const dividends = known.filter((entry) => entry.kind === 'dividend' && entry.session > (last?.asOf ?? ''))
  const sinceLast = add(cashOf(flows), cashOf(dividends))
  return {
    cash: book.cash,
    held: new Map(positionsHeld(book).map(({ symbol, quantity }) => [symbol, quantity])),
    initialFunding: false,
    inflow: compare(sinceLast, ZERO) < 0 ? sinceLast : moneyWaiting(known),
    income: cashOf(known.filter((entry) => entry.kind === 'dividend' && entry.session > yearAgo)),
  }
}

/** What came in from outside and no buy has used: a buy uses it before what sales brought. */
function moneyWaiting(entries: readonly LedgerEntry[]): Decimal {
  let waiting = ZERO
  for (const entry of entries) {
    const sold = entry.kind === 'trade' && entry.side === 'sell'
    if (!sold) waiting = max(ZERO, add(waiting, cashMove(entry)))
  }
  return waiting
}

function comesFirst({ kind }: LedgerEntry): boolean {
  return kind === 'flow' || kind === 'opening'
}
