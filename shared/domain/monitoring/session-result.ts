import type { Book } from '../ledger/book.ts'
import type { LedgerEntry, Trade } from '../ledger/entry.ts'
import { tradeValue } from '../ledger/trade-value.ts'
import { add, compare, type Decimal, divide, multiply, subtract, sum, toNumber, ZERO } from '../money/decimal.ts'
import type { Snapshot } from './snapshot.ts'

/** The fund at a close: its book, and what that is worth. */
export interface Valuation {
  readonly book: Book
  readonly invested: Decimal
  /** Σ (value − cost) of what is held. */
  readonly unrealised: Decimal
}

export type SessionResult = Pick<
  Snapshot,
  'value' | 'flow' | 'income' | 'realised' | 'unrealised' | 'fees' | 'costs' | 'profit' | 'return' | 'turnover'
>

/** Decimals of a ratio of two amounts before it becomes a number. */
const RATIO_SCALE = 18

/**
 * What lies between two closes, from the book before and after the session's entries. Slippage is what the trades cost against the broker's
 * reference price; it is taken out of the gains, where the book has it, and stands among the costs. Flows count as there before the session
 * opens: return = value / (previous value + flow) − 1.
 * @param worthBefore what an opening in kind was worth at the close before, which is what the return counts as its flow: its own price is
 *   what somebody once paid, and a gain of years would be the return of a day.
 */
export function sessionResult(
  before: Valuation,
  after: Valuation,
  entries: readonly LedgerEntry[],
  worthBefore: (opening: LedgerEntry & { readonly kind: 'opening' }) => Decimal,
): SessionResult {
  const change = (of: (book: Book) => Decimal) => subtract(of(after.book), of(before.book))
  const trades = entries.filter((entry) => entry.kind === 'trade')
  const slippage = { buy: slippageOf(trades, 'buy'), sell: slippageOf(trades, 'sell') }
  const previous = add(before.book.cash, before.invested)
  const value = add(after.book.cash, after.invested)
  const flow = change((book) => book.paidIn)
  const fees = change((book) => book.fees)

  const cashFlow = sum(entries.map((entry) => (entry.kind === 'flow' ? entry.amount : ZERO)))
  const inKind = sum(entries.map((entry) => (entry.kind === 'opening' ? worthBefore(entry) : ZERO)))
  const started = add(previous, add(cashFlow, inKind))
  const traded = sum(trades.map(({ quantity, price }) => tradeValue(quantity, price)))
  return {
    value,
    flow,
    income: change((book) => book.dividends),
    realised: add(
      change((book) => book.realised),
      slippage.sell,
    ),
    unrealised: add(subtract(after.unrealised, before.unrealised), slippage.buy),
    fees,
    costs: add(fees, add(slippage.buy, slippage.sell)),
    profit: subtract(subtract(value, previous), flow),
    return: compare(started, ZERO) > 0 ? shareOf(subtract(value, started), started) : undefined,
    turnover: compare(value, ZERO) > 0 ? shareOf(traded, value) / 2 : 0,
  }
}

/** A part over a whole above zero, as a number. */
export function shareOf(part: Decimal, whole: Decimal): number {
  return toNumber(divide(part, whole, RATIO_SCALE))
}

/** What the trades of a side cost more than their reference prices; nothing for those without one. */
function slippageOf(trades: readonly Trade[], side: Trade['side']): Decimal {
  return sum(
    trades.map((trade) => {
      if (trade.side !== side || trade.referencePrice === undefined) return ZERO
      const [paid, reference] = [
        tradeValue(trade.quantity, trade.price),
        multiply(trade.quantity, trade.referencePrice),
      ]
      return side === 'buy' ? subtract(paid, reference) : subtract(reference, paid)
    }),
  )
}
