import type { Book, Position } from '../ledger/book.ts'
import { positionsHeld } from '../ledger/fold-book.ts'
import { instrumentOf } from '../market/instrument.ts'
import { type Session, sessionToMs } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import { compare, multiply, subtract, sum, toNumber } from '../money/decimal.ts'
import type { TargetWeights } from './drift.ts'
import type { KnownPrice } from './last-price.ts'
import type { Valuation } from './session-result.ts'
import type { PositionMark, Snapshot } from './snapshot.ts'

/** A position with the price it is marked at. */
interface Held {
  readonly position: Position
  readonly known: KnownPrice
}

export interface ValuedBook extends Valuation {
  /** In order of symbol. */
  readonly held: readonly Held[]
}

/** What a book is worth at these prices. */
export function valueBook(book: Book, priceOf: (position: Position) => KnownPrice | undefined): ValuedBook {
  const held = positionsHeld(book).map((position): Held => {
    const known = priceOf(position)
    if (!known) throw new RangeError(`${position.symbol} is held without a lot`)
    return { position, known }
  })
  const invested = sum(held.map(({ position, known }) => multiply(position.quantity, known.price)))
  return { book, held, invested, unrealised: subtract(invested, sum(held.map(({ position }) => position.cost))) }
}

/** The positions of a valued book as they are kept, largest value first. */
export function marksOf(
  { held }: ValuedBook,
  { session, value: whole }: Snapshot,
  targets: TargetWeights | undefined,
  sectorOf: (symbol: string) => string,
): PositionMark[] {
  const total = toNumber(whole)
  return held
    .map(({ position: { symbol, quantity, averageCost, cost }, known: { price, at } }) => {
      const value = multiply(quantity, price)
      return {
        session,
        symbol,
        sector: sectorOf(symbol),
        quantity,
        averageCost,
        price,
        priceAge: sessionsBetween(symbol, at, session),
        value,
        weight: total > 0 ? toNumber(value) / total : Number.NaN,
        targetWeight: targets?.get(symbol),
        unrealised: subtract(value, cost),
      }
    })
    .sort((a, b) => compare(b.value, a.value) || (a.symbol < b.symbol ? -1 : 1))
}

function sessionsBetween(symbol: string, at: Session, session: Session): number {
  const calendar = tradingCalendar(instrumentOf(symbol).calendar)
  return calendar.ordinal(sessionToMs(session)) - calendar.ordinal(sessionToMs(at))
}
