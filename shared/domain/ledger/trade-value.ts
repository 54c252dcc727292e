import { type Decimal, multiply } from '../money/decimal.ts'
import { toCents } from '../money/scales.ts'

/** What a quantity is worth at a price when it changes hands, in cents, rounded half to even: the cash of a trade, the inflow of an opening. */
export function tradeValue(quantity: Decimal, price: Decimal): Decimal {
  return toCents(multiply(quantity, price))
}
