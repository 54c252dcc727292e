import type { Book, Lot, Position } from '../../domain/ledger/book.ts'
import type { Session } from '../../domain/market/session.ts'
import { type Decimal, decimal, sum } from '../../domain/money/decimal.ts'
import type { Database } from '../../ports/database.ts'

interface PositionRow extends Record<'quantity' | 'cost' | 'average_cost' | 'realised' | 'dividends' | 'fees', string> {
  readonly symbol: string
  readonly opened: Session
  readonly lots: readonly { readonly session: Session; readonly quantity: string; readonly price: string }[]
}

interface BookRow {
  readonly positions: readonly PositionRow[]
  readonly cash: string
  readonly paid_in: string
  readonly through: Session | null
}

/** The book that the last recording left, in one statement, so that positions and cash belong together. */
export async function readBook(database: Database): Promise<Book> {
  const [row] = await database.read<BookRow>(
    `select coalesce(sum(amount), 0) + coalesce(sum(value) filter (where side = 'sell'), 0)
              - coalesce(sum(value) filter (where side = 'buy'), 0) - coalesce(sum(fee), 0) as cash,
            coalesce(sum(amount) filter (where kind = 'flow'), 0) + coalesce(sum(value) filter (where kind = 'opening'), 0) as paid_in,
            max(session) as through,
            (select coalesce(jsonb_agg(jsonb_build_object(
                'symbol', symbol, 'quantity', quantity::text, 'cost', cost::text, 'average_cost', average_cost::text,
                'realised', realised::text, 'dividends', dividends::text, 'fees', fees::text, 'opened', opened, 'lots', lots)), '[]')
             from execution.positions) as positions
     from execution.entries`,
  )
  const positions = row.positions.map(toPosition)
  const total = (of: (position: Position) => Decimal) => sum(positions.map(of))
  return {
    cash: decimal(row.cash),
    positions: new Map(positions.map((position) => [position.symbol, position])),
    paidIn: decimal(row.paid_in),
    realised: total(({ realised }) => realised),
    dividends: total(({ dividends }) => dividends),
    fees: total(({ fees }) => fees),
    through: row.through ?? undefined,
  }
}

function toPosition({ symbol, opened, lots, average_cost, ...row }: PositionRow): Position {
  return {
    symbol,
    opened,
    quantity: decimal(row.quantity),
    cost: decimal(row.cost),
    averageCost: decimal(average_cost),
    realised: decimal(row.realised),
    dividends: decimal(row.dividends),
    fees: decimal(row.fees),
    lots: lots.map(
      ({ session, quantity, price }): Lot => ({ session, quantity: decimal(quantity), price: decimal(price) }),
    ),
  }
}
