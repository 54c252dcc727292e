import { add, compare, type Decimal, decimal, multiply, subtract, sum, toText } from '../../money/decimal.ts'
import { WHOLE_SHARES } from '../../money/scales.ts'
import type { ConsideredTrade } from '../considered-trade.ts'
import { appraise } from './appraise.ts'
import { cashTaken, chargeOf, isOrder } from './cash-plan.ts'
import type { Deliberation } from './consider-trade.ts'
import { holdingValue, shareOf } from './fund-weights.ts'
import { lotOf } from './lot.ts'
import { proposedSectors } from './proposed-weights.ts'
import type { NameFacts } from './starting-point.ts'

const TWO = decimal(2)

/**
 * One share more of the buys that are half a share or more below their target, those with the most net alpha first, from the cash that
 * rounding down has left, as long as neither the band nor a cap is passed. In a small fund a share is much of a position. Only for bands
 * whose trades go to the target.
 */
export function topUp(
  trades: readonly ConsideredTrade[],
  names: ReadonlyMap<string, NameFacts>,
  reserve: Decimal,
  fund: Deliberation,
): ConsideredTrade[] {
  const { rules, point } = fund
  if (rules.band.mode !== 'target') return [...trades]
  const sectors = proposedSectors(point, trades)
  let left = subtract(subtract(point.cash, reserve), sum(trades.filter(isOrder).map(cashTaken)))
  const topped = new Map<string, ConsideredTrade>()
  const buys = trades.filter((trade) => isOrder(trade) && trade.side === 'buy')
  for (const trade of buys.sort((a, b) => b.alpha.netBps - a.alpha.netBps || (a.symbol < b.symbol ? -1 : 1))) {
    const name = names.get(trade.symbol)
    if (!name || lotOf(name.asset, rules) !== WHOLE_SHARES) continue
    const value = add(holdingValue(name), trade.notional)
    const missing = subtract(multiply(decimal(trade.targetWeight), point.value), value)
    if (compare(multiply(missing, TWO), trade.price) < 0) continue
    const quantity = add(trade.quantity, WHOLE_SHARES)
    const after = shareOf(add(value, trade.price), point.value)
    const sector = (sectors.get(trade.sector) ?? 0) + shareOf(trade.price, point.value)
    if (after > Math.min(trade.band[1], rules.nameCap) || sector > rules.sectorCap) continue
    const larger = appraise({ name, side: 'buy', quantity, expected: trade.alpha }, fund)
    const more = subtract(add(larger.notional, chargeOf(larger.costs)), cashTaken(trade))
    if (!larger.passes || compare(more, left) > 0) continue
    left = subtract(left, more)
    sectors.set(trade.sector, sector)
    const { notional, costs, alpha } = larger
    const words = `Made ${toText(quantity)}: one more from the cash that whole shares leave over.`
    topped.set(trade.id, { ...trade, quantity, notional, costs, alpha, explanation: `${trade.explanation} ${words}` })
  }
  return trades.map((trade) => topped.get(trade.id) ?? trade)
}
