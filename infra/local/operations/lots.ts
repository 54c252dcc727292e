import { z } from 'zod'
import { foldBook, positionsHeld } from '../../../shared/domain/ledger/fold-book.ts'
import { lotSales } from '../../../shared/domain/ledger/lot-sales.ts'
import type { Session } from '../../../shared/domain/market/session.ts'
import { toText } from '../../../shared/domain/money/decimal.ts'
import { operation } from './operation.ts'

/** A lot, or a part of one, that is held or was sold. */
export interface LotLine {
  readonly symbol: string
  readonly acquired: string
  /** Null while it is held. */
  readonly sold: string | null
  readonly quantity: string
  readonly costPrice: string
  /** Of the sale; null while it is held. */
  readonly price: string | null
}

/** What was sold, lot by lot, then what is held, first bought first sold; after a session, or after all that is recorded. */
export const listLots = operation(
  z.strictObject({ date: z.iso.date().optional() }),
  async ({ date }, { parts: { ports } }): Promise<LotLine[]> => {
    const entries = await ports.ledger.entries(date as Session | undefined)
    const sold = lotSales(entries).map(({ quantity, costPrice, price, ...sale }) => ({
      ...sale,
      quantity: toText(quantity),
      costPrice: toText(costPrice),
      price: toText(price),
    }))
    const held = positionsHeld(foldBook(entries)).flatMap(({ symbol, lots }) =>
      lots.map(({ session, quantity, price }) => ({
        ...{ symbol, acquired: session, sold: null },
        ...{ quantity: toText(quantity), costPrice: toText(price), price: null },
      })),
    )
    return [...sold, ...held]
  },
)
