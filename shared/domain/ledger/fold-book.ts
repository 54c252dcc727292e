import type { Session } from '../market/session.ts'
import { add, compare, type Decimal, isZero, subtract, toText, ZERO } from '../money/decimal.ts'
import type { Book, Position } from './book.ts'
import { compareEntries } from './compare-entries.ts'
import type { Dividend, LedgerEntry, OpeningPosition, Split, Trade } from './entry.ts'
import { emptyPosition, increase, reduce, split } from './move-position.ts'
import { tradeValue } from './trade-value.ts'

export const EMPTY_BOOK: Book = {
  cash: ZERO,
  positions: new Map(),
  paidIn: ZERO,
  realised: ZERO,
  dividends: ZERO,
  fees: ZERO,
  through: undefined,
}

/**
 * The book after all entries, in whatever order they come: average cost, gains realised on sales, lots first in, first out. Cash is what
 * was paid in, plus net dividends and sales, less buys and fees; it may be below zero, which is for those who record to refuse.
 * With any prices, value − paid in = realised + unrealised + dividends − fees, exactly.
 * @throws RangeError for a sale of more than is held then: there are no short positions.
 */
export function foldBook(entries: Iterable<LedgerEntry>): Book {
  const book = openBook(EMPTY_BOOK)
  for (const entry of [...entries].sort(compareEntries)) enter(book, entry)
  return book
}

/**
 * The book after one more entry.
 * @throws RangeError for one of a session before the book's last, and as `foldBook`.
 */
export function applyEntry(book: Book, entry: LedgerEntry): Book {
  const next = openBook(book)
  enter(next, entry)
  return next
}

/** The positions with a quantity, in order of symbol. */
export function positionsHeld(book: Book): Position[] {
  return [...book.positions.values()]
    .filter(({ quantity }) => !isZero(quantity))
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
}

/** A book that is being folded; nobody else holds its positions. */
interface OpenBook {
  cash: Decimal
  readonly positions: Map<string, Position>
  paidIn: Decimal
  realised: Decimal
  dividends: Decimal
  fees: Decimal
  through: Session | undefined
}

function openBook(book: Book): OpenBook {
  return { ...book, positions: new Map(book.positions) }
}

function enter(book: OpenBook, entry: LedgerEntry): void {
  if (book.through !== undefined && entry.session < book.through) {
    throw new RangeError(`Entry ${entry.key} is of ${entry.session}, the book is through ${book.through}`)
  }
  book.through = entry.session
  switch (entry.kind) {
    case 'flow':
      book.cash = add(book.cash, entry.amount)
      book.paidIn = add(book.paidIn, entry.amount)
      break
    case 'opening':
      enterOpening(book, entry)
      break
    case 'split':
      enterSplit(book, entry)
      break
    case 'dividend':
      enterDividend(book, entry)
      break
    case 'trade':
      enterTrade(book, entry)
  }
}

function enterOpening(book: OpenBook, { key, session, symbol, quantity, price }: OpeningPosition): void {
  requirePositive(key, 'quantity', quantity)
  const value = tradeValue(quantity, price)
  const held = positionOf(book, symbol, session)
  book.positions.set(symbol, increase(held, { session, quantity, price }, value))
  book.paidIn = add(book.paidIn, value)
}

function enterSplit(book: OpenBook, { key, symbol, ratio }: Split): void {
  requirePositive(key, 'ratio', ratio)
  const held = book.positions.get(symbol)
  if (held) book.positions.set(symbol, split(held, ratio))
}

function enterDividend(book: OpenBook, { session, symbol, net }: Dividend): void {
  const held = positionOf(book, symbol, session)
  book.positions.set(symbol, { ...held, dividends: add(held.dividends, net) })
  book.dividends = add(book.dividends, net)
  book.cash = add(book.cash, net)
}

function enterTrade(book: OpenBook, { key, session, symbol, side, quantity, price, fee }: Trade): void {
  requirePositive(key, 'quantity', quantity)
  const before = positionOf(book, symbol, session)
  const held = { ...before, fees: add(before.fees, fee) }
  const value = tradeValue(quantity, price)
  book.fees = add(book.fees, fee)
  if (side === 'buy') {
    book.positions.set(symbol, increase(held, { session, quantity, price }, value))
    book.cash = subtract(subtract(book.cash, value), fee)
  } else {
    const sold = reduce(held, quantity, value)
    book.positions.set(symbol, sold)
    book.realised = add(book.realised, subtract(sold.realised, held.realised))
    book.cash = subtract(add(book.cash, value), fee)
  }
}

function positionOf(book: OpenBook, symbol: string, session: Session): Position {
  return book.positions.get(symbol) ?? emptyPosition(symbol, session)
}

function requirePositive(key: string, what: string, value: Decimal): void {
  if (compare(value, ZERO) <= 0) throw new RangeError(`Entry ${key}: ${what} ${toText(value)}, expected one above zero`)
}
