import { type Decimal, decimal, roundTo } from './decimal.ts'

/** Steps of a quantity, for `floorTo`: whole shares, and fractions down to a millionth. */
export const WHOLE_SHARES: Decimal = decimal(1)
export const FRACTIONAL_SHARES: Decimal = decimal('0.000001')

/**
 * An amount of cash to the cent, half to even. Products of quantity and price keep all their digits; only what really
 * changes hands (a fill's value, its commission, a dividend) is rounded, once, here.
 */
export function toCents(amount: Decimal): Decimal {
  return roundTo(amount, 2)
}
