import type { Session } from '../market/session.ts'
import {
  add,
  compare,
  type Decimal,
  divide,
  isZero,
  min,
  multiply,
  roundTo,
  subtract,
  sum,
  toText,
  ZERO,
} from '../money/decimal.ts'
import type { Lot, Position } from './book.ts'

/** Decimals of what a ratio leaves: quantities after a split, average costs, the cost that a sale takes out. */
export const RATIO_SCALE = 10

export function emptyPosition(symbol: string, opened: Session): Position {
  const zeros = { quantity: ZERO, cost: ZERO, averageCost: ZERO, realised: ZERO, dividends: ZERO, fees: ZERO }
  return { symbol, ...zeros, lots: [], opened }
}

/** The position with a lot more, for which `value` was paid in all. From flat it is opened anew. */
export function increase(position: Position, lot: Lot, value: Decimal): Position {
  return holding(
    { ...position, opened: isZero(position.quantity) ? lot.session : position.opened },
    [...position.lots, lot],
    add(position.cost, value),
  )
}

/**
 * The position after a sale that brought `proceeds`: the oldest lots go first, the cost goes in proportion, and what the proceeds are
 * above it is realised.
 * @throws RangeError for more than is held.
 */
export function reduce(position: Position, quantity: Decimal, proceeds: Decimal): Position {
  if (compare(quantity, position.quantity) > 0) {
    throw new RangeError(`${toText(quantity)} ${position.symbol} sold, but ${toText(position.quantity)} are held`)
  }
  const lots: Lot[] = []
  let rest = quantity
  for (const lot of position.lots) {
    const taken = min(lot.quantity, rest)
    rest = subtract(rest, taken)
    const left = subtract(lot.quantity, taken)
    if (!isZero(left)) lots.push({ ...lot, quantity: left })
  }
  const released =
    lots.length === 0 ? position.cost : divide(multiply(position.cost, quantity), position.quantity, RATIO_SCALE)
  const realised = add(position.realised, subtract(proceeds, released))
  return holding({ ...position, realised }, lots, subtract(position.cost, released))
}

/**
 * The position on the new share count: quantities times the ratio, prices of the lots divided by it, the cost as it was. The whole quantity is
 * rounded once, and the lots share what that leaves.
 */
export function split(position: Position, ratio: Decimal): Position {
  let before = ZERO
  let held = ZERO
  const lots: Lot[] = []
  for (const lot of position.lots) {
    before = add(before, lot.quantity)
    const through = roundTo(multiply(before, ratio), RATIO_SCALE)
    const quantity = subtract(through, held)
    held = through
    if (!isZero(quantity)) lots.push({ ...lot, quantity, price: divide(lot.price, ratio, RATIO_SCALE) })
  }
  return holding(position, lots, position.cost)
}

/** The quantity is that of the lots, so that rounding cannot part them. */
function holding(position: Position, lots: readonly Lot[], cost: Decimal): Position {
  const quantity = sum(lots.map((lot) => lot.quantity))
  const averageCost = isZero(quantity) ? ZERO : divide(cost, quantity, RATIO_SCALE)
  return { ...position, lots, cost, quantity, averageCost }
}
