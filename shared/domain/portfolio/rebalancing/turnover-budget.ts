import {
  add,
  compare,
  type Decimal,
  decimal,
  max,
  min,
  multiply,
  negate,
  subtract,
  sum,
  ZERO,
} from '../../money/decimal.ts'
import type { ConsideredTrade } from '../considered-trade.ts'
import type { Deliberation } from './consider-trade.ts'
import { untiedMoney } from './idle-cash.ts'
import { lotOf, lotsFor } from './lot.ts'
import { resize } from './resize.ts'
import type { NameFacts } from './starting-point.ts'
import { percentText } from './words.ts'

/** One-way turnover that reports before this one have used, as shares of the value. */
export interface UsedTurnover {
  readonly month: number
  readonly year: number
}

/**
 * The orders within the turnover budget, by the month's and the year's rest, whichever is less. Outside of it are initial funding, forced
 * exits, and as much of the buys (or, after a withdrawal, of the sales) as money came in or waits to be invested (or went out). When the
 * budget is short, what caps demand comes first, then the trades with the most net alpha for their turnover; the one that it runs out on is
 * cut to fit, and the rest are not made.
 */
export function keepWithinTurnover(
  trades: readonly ConsideredTrade[],
  names: ReadonlyMap<string, NameFacts>,
  used: UsedTurnover,
  fund: Deliberation,
): ConsideredTrade[] {
  const { rules, point } = fund
  const left = turnoverLeft(used, rules.turnover)
  const why = `the turnover budget has ${percentText(left)} of the fund left before this report`
  // Half of what is bought and sold is turnover, so twice the budget may change hands.
  let budget = multiply(decimal(2 * left), point.value)
  const untied = untiedMoney(point, rules.cash)
  const free = { buy: max(untied, ZERO), sell: max(negate(untied), ZERO) }

  const kept = new Map<string, ConsideredTrade>()
  for (const trade of [...trades].sort(byMerit(fund))) {
    if (!isBudgeted(trade)) continue
    const name = names.get(trade.symbol)
    if (!name) throw new RangeError(`${trade.symbol} is traded and unknown`)
    const room = add(free[trade.side], budget)
    const fits = compare(trade.notional, room) <= 0
    const quantity = fits ? trade.quantity : lotsFor(room, trade.price, lotOf(name.asset, rules))
    const made = fits ? trade : resize(trade, quantity, name, { verdict: 'turnover-budget', why }, fund)
    kept.set(trade.id, made)
    if (made.verdict === 'order') {
      const gift = min(free[trade.side], made.notional)
      free[trade.side] = subtract(free[trade.side], gift)
      budget = max(ZERO, subtract(budget, subtract(made.notional, gift)))
    }
    if (!fits) budget = ZERO
  }
  return trades.map((trade) => kept.get(trade.id) ?? trade)
}

/** What is left of the budget, a share of the value. */
export function turnoverLeft(used: UsedTurnover, limits: { readonly month: number; readonly year: number }): number {
  return Math.max(0, Math.min(limits.month - used.month, limits.year - used.year))
}

/**
 * What of the orders counts against the budget, one-way: half of the sum of what counted buys and sales are above the money that waits to
 * be invested or went out.
 */
export function budgetedAmount(trades: readonly ConsideredTrade[], untied: Decimal): Decimal {
  const counted = (side: 'buy' | 'sell', free: Decimal) => {
    const own = trades.filter((trade) => trade.side === side && isBudgeted(trade))
    return max(ZERO, subtract(sum(own.map(({ notional }) => notional)), max(ZERO, free)))
  }
  return multiply(add(counted('buy', untied), counted('sell', negate(untied))), decimal('0.5'))
}

function isBudgeted({ verdict, reason }: ConsideredTrade): boolean {
  return verdict === 'order' && reason !== 'initial-funding' && reason !== 'forced-exit'
}

/** What is owed to the rules first, then by net alpha a unit of turnover, which is that of the notional, then by symbol. */
function byMerit({ minimumEdgeBps }: Deliberation) {
  const merit = ({ alpha, side }: ConsideredTrade) =>
    side === 'buy' || alpha.netBps > minimumEdgeBps ? alpha.netBps : Number.POSITIVE_INFINITY
  return (a: ConsideredTrade, b: ConsideredTrade) => {
    const [one, other] = [merit(a), merit(b)]
    if (one !== other) return other > one ? 1 : -1
    return a.symbol < b.symbol ? -1 : 1
  }
}
