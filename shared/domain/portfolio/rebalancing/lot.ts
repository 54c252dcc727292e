import type { Mandate } from '../../mandate/mandate.ts'
import type { AssetClass } from '../../market/instrument.ts'
import { type Decimal, divide, floorTo, negate } from '../../money/decimal.ts'
import { FRACTIONAL_SHARES, WHOLE_SHARES } from '../../money/scales.ts'

/** Decimals of a quantity before it is rounded to lots. */
const SCALE = 12

/** The step of a name's quantities: coins are always divisible. */
export function lotOf(asset: AssetClass, { wholeShares }: Pick<Mandate['portfolio'], 'wholeShares'>): Decimal {
  return wholeShares && asset !== 'crypto' ? WHOLE_SHARES : FRACTIONAL_SHARES
}

/** How many lots an amount of cash buys at a price, rounded down. */
export function lotsFor(amount: Decimal, price: Decimal, lot: Decimal): Decimal {
  return floorTo(divide(amount, price, SCALE), lot)
}

/** How many lots must be sold to bring in at least this amount. */
export function lotsToRaise(amount: Decimal, price: Decimal, lot: Decimal): Decimal {
  return negate(floorTo(negate(divide(amount, price, SCALE)), lot))
}
