import { add, compare, type Decimal, multiply, subtract, ZERO } from '../../money/decimal.ts'
import type { ConsideredTrade } from '../considered-trade.ts'
import { isOrder } from './cash-plan.ts'
import { holdingValue, shareOf } from './fund-weights.ts'
import type { NameFacts, StartingPoint } from './starting-point.ts'

/** What each name would be worth after the orders, at the prices they were decided with; names without any are left out. */
export function proposedValues(names: readonly NameFacts[], trades: readonly ConsideredTrade[]): Map<string, Decimal> {
  const values = new Map(names.map((name) => [name.symbol, holdingValue(name)]))
  for (const { symbol, side, quantity, price } of trades.filter(isOrder)) {
    const amount = multiply(quantity, price)
    const before = values.get(symbol) ?? ZERO
    values.set(symbol, side === 'buy' ? add(before, amount) : subtract(before, amount))
  }
  return new Map([...values].filter(([, value]) => compare(value, ZERO) !== 0))
}

/** What the sectors would weigh after the orders, as shares of the value before their costs. */
export function proposedSectors(
  { names, value }: Pick<StartingPoint, 'names' | 'value'>,
  trades: readonly ConsideredTrade[],
): Map<string, number> {
  const sectorOf = new Map(names.map(({ symbol, sector }) => [symbol, sector]))
  const shares = new Map<string, number>()
  for (const [symbol, amount] of proposedValues(names, trades)) {
    const sector = sectorOf.get(symbol) ?? ''
    shares.set(sector, (shares.get(sector) ?? 0) + shareOf(amount, value))
  }
  return shares
}
