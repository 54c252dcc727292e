import { type Decimal, divide, isZero, multiply, toNumber, ZERO } from '../../money/decimal.ts'
import type { NameFacts, StartingPoint } from './starting-point.ts'

/** Decimals of a weight before it becomes a float: far more than a float has. */
const SCALE = 20

/** What a holding is worth at its last close. */
export function holdingValue({ held, price }: NameFacts): Decimal {
  return price === undefined ? ZERO : multiply(held, price)
}

/** An amount as a share of the fund's value; 0 for a fund that is worth nothing. */
export function shareOf(amount: Decimal, value: Decimal): number {
  return isZero(value) ? 0 : toNumber(divide(amount, value, SCALE))
}

/** Shares of the fund's value by a name's sector or asset class, as held before the rebalance. */
export function heldShares(
  { names, value }: Pick<StartingPoint, 'names' | 'value'>,
  groupOf: (name: NameFacts) => string,
): Map<string, number> {
  const shares = new Map<string, number>()
  for (const name of names) {
    if (isZero(name.held)) continue
    const group = groupOf(name)
    shares.set(group, (shares.get(group) ?? 0) + shareOf(holdingValue(name), value))
  }
  return shares
}
