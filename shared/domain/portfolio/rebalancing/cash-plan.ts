import type { CostEstimate } from '../../costs/estimate-costs.ts'
import { add, type Decimal, decimal, subtract, sum } from '../../money/decimal.ts'
import { toCents } from '../../money/scales.ts'
import type { ConsideredTrade } from '../considered-trade.ts'

/** What is charged for an order by its estimate, to the cent. */
export function chargeOf({ total }: CostEstimate): Decimal {
  return toCents(decimal(total.amount))
}

/** What an order takes out of the cash when it is filled at its price: a buy with its costs, a sale less them (then below zero). */
export function cashTaken({ side, notional, costs }: ConsideredTrade): Decimal {
  const charged = chargeOf(costs)
  return side === 'buy' ? add(notional, charged) : subtract(charged, notional)
}

/** The cash after all orders, at their prices and estimated costs: sales come first, so it is never lower in between. */
export function cashAfter(cash: Decimal, trades: readonly ConsideredTrade[]): Decimal {
  return subtract(cash, sum(trades.filter(isOrder).map(cashTaken)))
}

export function isOrder({ verdict }: ConsideredTrade): boolean {
  return verdict === 'order'
}
