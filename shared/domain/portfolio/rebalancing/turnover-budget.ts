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

const HALF = decimal('0.5')

/** One-way turnover that reports before this one have used, as shares of the value. */
export interface UsedTurnover {
  readonly month: number
  readonly year: number
}

/**
 * The orders within the turnover budget, by the month's and the year's rest, whichever is less. Outside of it are initial funding, forced
 * exits, and as much of the buys (or, after a withdrawal, of the sales) as money that came from outside waits to be invested (or went out).
 *
 * When the budget is short, sales and buys share it so that cash comes to the mandate's share: sales alone would use it up and leave their
 * money lying idle. What caps demand comes before that, and either side has what the other does not ask for. Of each side those with the
 * most net alpha for their turnover are made; the one that the budget runs out on is cut to fit, and the rest are not made.
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
  const budget = multiply(decimal(2 * left), point.value)
  const untied = untiedMoney(point, rules.cash)
  const counted = trades.filter(isBudgeted).sort(byMerit(fund))

  const kept = new Map<string, ConsideredTrade>()
  /** Makes what fits into the room of one side; answers what that moves. */
  const keep = (side: ConsideredTrade['side'], room: Decimal): Decimal => {
    let rest = room
    let moved = ZERO
    for (const trade of counted.filter((one) => one.side === side)) {
      const name = names.get(trade.symbol)
      if (!name) throw new RangeError(`${trade.symbol} is traded and unknown`)
      const fits = compare(trade.notional, rest) <= 0
      const quantity = fits ? trade.quantity : lotsFor(rest, trade.price, lotOf(name.asset, rules))
      const made = fits ? trade : resize(trade, quantity, name, { verdict: 'turnover-budget', why }, fund)
      kept.set(trade.id, made)
      if (made.verdict === 'order') moved = add(moved, made.notional)
      rest = fits ? subtract(rest, made.notional) : ZERO
    }
    return moved
  }

  const free = { buy: max(untied, ZERO), sell: max(negate(untied), ZERO) }
  const exits = notionalOf(trades.filter(({ verdict, reason }) => verdict === 'order' && reason === 'forced-exit'))
  const idle = subtract(add(subtract(point.cash, multiply(decimal(rules.cash), point.value)), exits), free.buy)
  const share = multiply(subtract(budget, idle), HALF)
  const buys = max(ZERO, subtract(notionalOf(counted.filter(({ side }) => side === 'buy')), free.buy))
  const owed = notionalOf(counted.filter((trade) => isOwed(trade, fund)))
  const sales = min(budget, max(ZERO, share, owed, subtract(budget, buys)))
  const sold = keep('sell', add(free.sell, sales))
  keep('buy', add(free.buy, subtract(budget, max(ZERO, subtract(sold, free.sell)))))
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
  return multiply(add(counted('buy', untied), counted('sell', negate(untied))), HALF)
}

function isBudgeted({ verdict, reason }: ConsideredTrade): boolean {
  return verdict === 'order' && reason !== 'initial-funding' && reason !== 'forced-exit'
}

function notionalOf(trades: readonly ConsideredTrade[]): Decimal {
  return sum(trades.map(({ notional }) => notional))
}

/** A sale that does not pay by itself is made because a cap demands it. */
function isOwed({ alpha, side }: ConsideredTrade, { minimumEdgeBps }: Pick<Deliberation, 'minimumEdgeBps'>): boolean {
  return side === 'sell' && !(alpha.netBps > minimumEdgeBps)
}

/** What is owed to the rules first, then by net alpha a unit of turnover, which is that of the notional, then by symbol. */
function byMerit(fund: Deliberation) {
  const merit = (trade: ConsideredTrade) => (isOwed(trade, fund) ? Number.POSITIVE_INFINITY : trade.alpha.netBps)
  return (a: ConsideredTrade, b: ConsideredTrade) => {
    const [one, other] = [merit(a), merit(b)]
    if (one !== other) return other > one ? 1 : -1
    return a.symbol < b.symbol ? -1 : 1
  }
}
