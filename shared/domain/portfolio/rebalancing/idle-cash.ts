import {
  compare,
  type Decimal,
  decimal,
  isZero,
  max,
  min,
  multiply,
  subtract,
  toText,
  ZERO,
} from '../../money/decimal.ts'
import type { ConsideredTrade } from '../considered-trade.ts'
import { appraise } from './appraise.ts'
import { cashAfter } from './cash-plan.ts'
import type { Deliberation } from './consider-trade.ts'
import { lotOf, lotsFor } from './lot.ts'
import type { NameFacts, StartingPoint } from './starting-point.ts'
import { amountText } from './words.ts'

/**
 * What moves without being turnover: what came from outside and waits to be invested, as far as it is idle; below zero what was taken out
 * since the last report, as far as cash is short of the mandate's share for it. What sales brought is none of it: to buy with that is the
 * other half of a switch.
 */
export function untiedMoney(point: Pick<StartingPoint, 'cash' | 'value' | 'inflow'>, cashShare: number): Decimal {
  const beyond = subtract(point.cash, multiply(decimal(cashShare), point.value))
  if (compare(point.inflow, ZERO) < 0) return max(point.inflow, min(beyond, ZERO))
  return min(point.inflow, max(beyond, ZERO))
}

/**
 * The trades with idle cash put to work. The alpha of a name is relative to the other names, so a switch from one to another must earn its
 * cost; a buy out of cash beyond the mandate's share (there, or coming from the sales) is no switch. The mandate wants that money in its
 * targets, and leaving it out is the larger departure. So what the paying buys leave of it goes to the buys that alpha alone would not pay
 * for, the least bad first; the last is cut to fit.
 */
export function investIdleCash(
  trades: readonly ConsideredTrade[],
  names: ReadonlyMap<string, NameFacts>,
  fund: Deliberation,
): ConsideredTrade[] {
  const reserve = multiply(decimal(fund.rules.cash), fund.point.value)
  let left = subtract(cashAfter(fund.point.cash, trades), reserve)
  const invested = new Map<string, ConsideredTrade>()
  const waiting = trades.filter(({ verdict, side }) => verdict === 'negative-net-alpha' && side === 'buy')
  for (const trade of waiting.filter(({ alpha }) => !Number.isNaN(alpha.netBps)).sort(byNetAlpha)) {
    const name = names.get(trade.symbol)
    if (!name?.price) throw new RangeError(`${trade.symbol} is to be bought and has no price`)
    const affordable = max(ZERO, lotsFor(left, name.price, lotOf(name.asset, fund.rules)))
    const quantity = min(trade.wantedQuantity, affordable)
    const { side, alpha } = trade
    const { notional, ...appraisal } = appraise(
      { name, side, quantity, expected: alpha, bypass: 'risk-reducing' },
      fund,
    )
    if (isZero(quantity) || compare(notional, decimal(fund.rules.minimumTrade)) < 0) continue
    const words = `Wanted all the same, ${toText(quantity)}: it invests cash beyond the mandate's share, of which ${amountText(left)} was left.`
    const explanation = `${trade.explanation.replace(' is not made;', ';')} ${words}`
    invested.set(trade.id, {
      ...trade,
      quantity,
      notional,
      costs: appraisal.costs,
      alpha: appraisal.alpha,
      verdict: 'order',
      explanation,
    })
    left = subtract(left, notional)
  }
  return trades.map((trade) => invested.get(trade.id) ?? trade)
}

function byNetAlpha(a: ConsideredTrade, b: ConsideredTrade): number {
  return b.alpha.netBps - a.alpha.netBps || (a.symbol < b.symbol ? -1 : 1)
}
