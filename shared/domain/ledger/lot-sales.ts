import type { Session } from '../market/session.ts'
import { type Decimal, isZero, min, subtract } from '../money/decimal.ts'
import type { Lot } from './book.ts'
import type { LedgerEntry, Trade } from './entry.ts'
import { applyEntry, EMPTY_BOOK } from './fold-book.ts'

/** A part of a lot that was sold: for the tax report, which asks when and for what each share was bought. */
export interface LotSale {
  readonly symbol: string
  readonly acquired: Session
  readonly sold: Session
  /** On the share count of the sale. */
  readonly quantity: Decimal
  /** Paid for a share, on the same count; fees not included, as in `price`. */
  readonly costPrice: Decimal
  readonly price: Decimal
}

/** Which lots each sale took, first bought first sold, in the order of the sales. @param entries in the order of the fold. */
export function lotSales(entries: readonly LedgerEntry[]): LotSale[] {
  const sales: LotSale[] = []
  let book = EMPTY_BOOK
  for (const entry of entries) {
    if (entry.kind === 'trade' && entry.side === 'sell') {
      sales.push(...lotsTaken(entry, book.positions.get(entry.symbol)?.lots ?? []))
    }
    book = applyEntry(book, entry)
  }
  return sales
}

function lotsTaken({ symbol, session, quantity, price }: Trade, lots: readonly Lot[]): LotSale[] {
  let rest = quantity
  return lots.flatMap((lot) => {
    const taken = min(lot.quantity, rest)
    if (isZero(taken)) return []
    rest = subtract(rest, taken)
    return [{ symbol, acquired: lot.session, sold: session, quantity: taken, costPrice: lot.price, price }]
  })
}
