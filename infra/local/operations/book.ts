import { z } from 'zod'
import { cashMove, cashOf } from '../../../shared/domain/ledger/cash-of.ts'
import type { Flow, LedgerEntry, OpeningPosition } from '../../../shared/domain/ledger/entry.ts'
import { foldBook, positionsHeld } from '../../../shared/domain/ledger/fold-book.ts'
import type { Session } from '../../../shared/domain/market/session.ts'
import { compare, decimal, isZero, toText, ZERO } from '../../../shared/domain/money/decimal.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { House } from '../house.ts'
import { checkSymbols } from './check-symbols.ts'
import { operation } from './operation.ts'
import { type BookAfter, bookSource, recordGiven, rowKeys, sessionGiven, sessionNow } from './record-book.ts'

const exact = z.string().regex(/^-?\d+(\.\d+)?$/)
const date = z.iso.date()
const source = z.string().min(1).optional()

export interface PositionLine {
  readonly symbol: string
  readonly quantity: string
  readonly averageCost: string
  readonly cost: string
  readonly realised: string
  readonly dividends: string
  readonly fees: string
  readonly opened: string
}

export interface BookShown {
  readonly source: string | null
  /** Session of the last entry. */
  readonly through: string | null
  readonly cash: string
  readonly paidIn: string
  readonly positions: readonly PositionLine[]
}

/** The book after a session, or after all that is recorded. */
export const listPositions = operation(
  z.strictObject({ date: date.optional() }),
  async (asked, { parts: { ports } }): Promise<BookShown> => {
    const book = foldBook(await ports.ledger.entries(asked.date as Session | undefined))
    return {
      source: (await ports.ledger.source()) ?? null,
      through: book.through ?? null,
      cash: toText(book.cash),
      paidIn: toText(book.paidIn),
      positions: positionsHeld(book).map(({ symbol, opened, lots: _, ...amounts }) => ({
        symbol,
        quantity: toText(amounts.quantity),
        averageCost: toText(amounts.averageCost),
        cost: toText(amounts.cost),
        realised: toText(amounts.realised),
        dividends: toText(amounts.dividends),
        fees: toText(amounts.fees),
        opened,
      })),
    }
  },
)

const openingRow = z.strictObject({
  place: z.string(),
  symbol: z.string().min(1),
  quantity: exact,
  price: exact,
  date: date.optional(),
})

/** Takes holdings that came from elsewhere into the ledger, each row once; without a date they are there before the next session. */
export const importPositions = operation(
  z.strictObject({ rows: z.array(openingRow), source, dryRun: z.boolean().default(false) }),
  async ({ rows, source: asked, dryRun }, house): Promise<BookAfter & { readonly source: string }> => {
    const owner = await bookSource(house, asked)
    await checkSymbols(house, owner, rows)
    const keys = rowKeys(
      'opening',
      rows.map((row) => [row.symbol, row.quantity, row.price, row.date ?? '']),
    )
    const given = rows.map(({ place, symbol, quantity, price, date: on }, i) => {
      const session = on === undefined ? sessionNow(house) : sessionGiven(house, on, place)
      const amounts = { quantity: decimal(quantity), price: decimal(price) }
      const entry: OpeningPosition = { kind: 'opening', key: keys[i], session, symbol, ...amounts }
      return { place, entry }
    })
    return { source: owner, ...(await recordGiven(house, owner, given, dryRun)) }
  },
)

/** Pays cash in (positive) or takes it out, counted as there before the session opens. The same id is the same movement. */
export const moveCash = operation(
  z.strictObject({ amount: exact, id: z.string().min(1), reason: z.string().min(1), date: date.optional(), source }),
  async ({ amount: text, id, reason, date: on, source: asked }, house): Promise<BookAfter & { session: string }> => {
    const amount = decimal(text)
    if (isZero(amount)) throw new InputError('An amount of 0 moves no cash')
    const session = on === undefined ? sessionNow(house) : sessionGiven(house, on, '--date')
    const place = compare(amount, ZERO) > 0 ? 'deposit' : 'withdrawal'
    const entry: Flow = { kind: 'flow', key: `cash:${id}`, session, amount, reason }
    await refuseOtherMovement(house, entry, id)
    const after = await recordGiven(house, await bookSource(house, asked), [{ place, entry }], false)
    return { session, ...after }
  },
)

/** An id that was used for another amount names another movement: to say "recorded before" of it would lose one. */
async function refuseOtherMovement({ parts: { ports } }: House, { key, amount }: Flow, id: string): Promise<void> {
  const known = (await ports.ledger.entries()).find((entry) => entry.key === key)
  if (known?.kind === 'flow' && compare(known.amount, amount) !== 0) {
    throw new InputError(
      `The movement "${id}" was recorded before as ${toText(known.amount)} on ${known.session}, now ${toText(amount)}`,
    )
  }
}

export interface CashMovement {
  readonly session: string
  readonly kind: 'flow' | 'dividend' | 'buy' | 'sell'
  /** The symbol of a trade or dividend, the reason of a flow. */
  readonly of: string
  readonly amount: string
}

export interface CashShown {
  readonly balance: string
  /** The newest first. */
  readonly movements: readonly CashMovement[]
}

/** The cash, and what moved it last. */
export const showCash = operation(
  z.strictObject({ limit: z.number().int().min(1).max(10_000).default(20) }),
  async ({ limit }, { parts: { ports } }): Promise<CashShown> => {
    const entries = await ports.ledger.entries()
    const movements = entries.flatMap(toMovement).slice(-limit).reverse()
    return { balance: toText(cashOf(entries)), movements }
  },
)

function toMovement(entry: LedgerEntry): CashMovement[] {
  if (entry.kind === 'opening' || entry.kind === 'split') return []
  const kind = entry.kind === 'trade' ? entry.side : entry.kind
  const of = entry.kind === 'flow' ? entry.reason : entry.symbol
  return [{ session: entry.session, kind, of, amount: toText(cashMove(entry)) }]
}
