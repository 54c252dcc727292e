import {
  compare,
  type Decimal,
  decimal,
  divide,
  floorTo,
  min,
  multiply,
  subtract,
  sum,
  toNumber,
  ZERO,
} from '../../money/decimal.ts'
import type { ConsideredTrade, TradeVerdict } from '../considered-trade.ts'
import { cashTaken, isOrder } from './cash-plan.ts'
import { lotOf } from './lot.ts'
import { resize, type Sizing } from './resize.ts'
import type { NameFacts } from './starting-point.ts'
import { amountText, percentText } from './words.ts'

export interface CashRule {
  readonly cash: Decimal
  /** What must be left. */
  readonly reserve: Decimal
  /** Given to buys that are not made. */
  readonly verdict: TradeVerdict
}

/** Rounds in which all buys are scaled; costs have a least amount an order, so a few too many are dropped after that. */
const ROUNDS = 20

/**
 * The orders that cash can pay for: sales first, with their costs, then all buys scaled by one factor until they and their costs leave the
 * reserve. When they still do not fit, because small orders do not become cheaper, the buy with the least net alpha is dropped, and so on.
 */
export function fitToCash(
  trades: readonly ConsideredTrade[],
  names: ReadonlyMap<string, NameFacts>,
  { cash, reserve, verdict }: CashRule,
  fund: Sizing,
): ConsideredTrade[] {
  const sales = trades.filter((trade) => isOrder(trade) && trade.side === 'sell')
  const available = subtract(subtract(cash, reserve), sum(sales.map(cashTaken)))
  const wanted = trades.filter((trade) => isOrder(trade) && trade.side === 'buy')
  const needed = sum(wanted.map(cashTaken))
  if (wanted.length === 0 || compare(needed, available) <= 0) return [...trades]

  const why = `the buys need ${amountText(needed)} and ${amountText(available)} is there beyond the cash that stays`
  const atFactor = (factor: number) =>
    wanted.map((trade) =>
      scaled(trade, factor, names, { verdict, why: `${why}, ${percentText(factor)} of each` }, fund),
    )
  let factor = compare(available, ZERO) > 0 ? toNumber(divide(available, needed, 12)) : 0
  let buys = atFactor(factor)
  for (let round = 0; round < ROUNDS && !affords(available, buys); round++) {
    factor *= Math.min(0.999, toNumber(divide(available, spent(buys), 12)))
    buys = atFactor(factor)
  }
  while (!affords(available, buys)) {
    const least = buys.filter(isOrder).reduce((a, b) => (b.alpha.netBps < a.alpha.netBps ? b : a))
    const name = nameOf(least, names)
    buys = buys.map((buy) => (buy === least ? resize(buy, ZERO, name, { verdict, why }, fund) : buy))
  }
  const kept = new Map(wanted.map((trade, i) => [trade, buys[i]]))
  return trades.map((trade) => kept.get(trade) ?? trade)
}

function spent(buys: readonly ConsideredTrade[]): Decimal {
  return sum(buys.filter(isOrder).map(cashTaken))
}

function affords(available: Decimal, buys: readonly ConsideredTrade[]): boolean {
  return !buys.some(isOrder) || compare(spent(buys), available) <= 0
}

function scaled(
  trade: ConsideredTrade,
  factor: number,
  names: ReadonlyMap<string, NameFacts>,
  cut: { readonly verdict: TradeVerdict; readonly why: string },
  fund: Sizing,
): ConsideredTrade {
  const name = nameOf(trade, names)
  const quantity = floorTo(multiply(trade.quantity, decimal(factor)), lotOf(name.asset, fund.rules))
  return resize(trade, min(trade.quantity, quantity), name, cut, fund)
}

function nameOf({ symbol }: ConsideredTrade, names: ReadonlyMap<string, NameFacts>): NameFacts {
  const name = names.get(symbol)
  if (!name) throw new RangeError(`${symbol} is traded and unknown`)
  return name
}
