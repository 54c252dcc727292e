import {
  compare,
  type Decimal,
  decimal,
  floorTo,
  isZero,
  max,
  min,
  multiply,
  subtract,
  sum,
  toText,
  ZERO,
} from '../../money/decimal.ts'
import type { ConsideredTrade } from '../considered-trade.ts'
import { cashAfter, isOrder } from './cash-plan.ts'
import { inOrder } from './consider-trades.ts'
import { fitToCash } from './fit-to-cash.ts'
import { lotOf, lotsFor } from './lot.ts'
import { proposedSectors, proposedValues } from './proposed-weights.ts'
import { resize, type Sizing } from './resize.ts'
import type { NameFacts, StartingPoint } from './starting-point.ts'
import { amountText, percentText } from './words.ts'

export interface LimitRules extends Sizing {
  readonly point: StartingPoint
  readonly maximumPriceAgeSessions: number
}

export interface LimitsChecked {
  readonly trades: readonly ConsideredTrade[]
  /** Orders that stay as they were, that were made smaller, and that became suppressed trades. */
  readonly approved: number
  readonly cut: number
  readonly refused: number
}

/**
 * A second look at the proposed portfolio as a whole, which trusts nothing that was computed before but the facts: each name once, on a
 * price that is fresh enough, no more sold than held, no more of a session's usual volume than allowed, no buy above a name's or a sector's
 * cap, and cash that stays above zero. What a limit does not let through is cut, or refused with the verdict `limit`.
 */
export function checkLimits(trades: readonly ConsideredTrade[], rules: LimitRules): LimitsChecked {
  const { point } = rules
  const names = new Map(point.names.map((name) => [name.symbol, name]))
  const seen = new Set<string>()
  let checked = trades.map((trade) => {
    if (!isOrder(trade)) return trade
    const name = names.get(trade.symbol)
    const limited = limitOrder(trade, name, seen.has(trade.symbol), rules)
    seen.add(trade.symbol)
    return limited
  })
  checked = withinSectorCap(checked, names, rules)
  if (compare(cashAfter(point.cash, checked), ZERO) < 0) {
    checked = fitToCash(checked, names, { cash: point.cash, reserve: ZERO, verdict: 'limit' }, rules)
  }
  const orders = trades.flatMap((before, i) => (isOrder(before) ? [{ before, after: checked[i] }] : []))
  const stayed = orders.filter(({ after }) => isOrder(after))
  const approved = stayed.filter(({ before, after }) => compare(after.quantity, before.quantity) === 0).length
  return {
    trades: inOrder(checked),
    approved,
    cut: stayed.length - approved,
    refused: orders.length - stayed.length,
  }
}

/** The limits that an order meets by itself, one after the other. */
function limitOrder(
  trade: ConsideredTrade,
  name: NameFacts | undefined,
  repeated: boolean,
  rules: LimitRules,
): ConsideredTrade {
  if (!name) throw new RangeError(`${trade.symbol} is traded and unknown`)
  const cutTo = (order: ConsideredTrade, quantity: Decimal, why: string) =>
    isOrder(order) && compare(quantity, order.quantity) < 0
      ? resize(order, max(ZERO, quantity), name, { verdict: 'limit', why }, rules)
      : order
  if (repeated) return cutTo(trade, ZERO, `there is an order for ${trade.symbol} already`)
  if (!(name.priceAge <= rules.maximumPriceAgeSessions)) {
    const age = `the price is ${name.priceAge} sessions old`
    return cutTo(trade, ZERO, `${age}, expected ${rules.maximumPriceAgeSessions} at most`)
  }
  const most = participationLimit(name, rules)
  const order = cutTo(trade, most.quantity, most.why)
  if (order.side === 'sell') return cutTo(order, name.held, `${toText(name.held)} are held`)
  const { nameCap } = rules.rules
  return cutTo(order, roomFor(name, rules, nameCap), `the cap of a name is ${percentText(nameCap)}`)
}

function participationLimit(
  name: NameFacts,
  { rules }: LimitRules,
): { readonly quantity: Decimal; readonly why: string } {
  const share = rules.maximumParticipation
  const { adv = Number.NaN } = name.market
  if (Number.isNaN(adv)) return { quantity: ZERO, why: 'its median daily volume is not known' }
  const why = `an order may be ${percentText(share)} of the median daily volume of ${Math.round(adv)}`
  return { quantity: floorTo(multiply(decimal(share), decimal(adv)), lotOf(name.asset, rules)), why }
}

/** How much may be bought until the name weighs its cap. */
function roomFor(name: NameFacts, { point, rules }: LimitRules, cap: number): Decimal {
  const { held, price } = name
  if (price === undefined || isZero(price)) return ZERO
  const room = subtract(multiply(decimal(cap), point.value), multiply(held, price))
  return max(ZERO, lotsFor(room, price, lotOf(name.asset, rules)))
}

/** Cuts the buys of a sector that they would bring above its cap, those with the least net alpha first. */
function withinSectorCap(
  trades: readonly ConsideredTrade[],
  names: ReadonlyMap<string, NameFacts>,
  rules: LimitRules,
): ConsideredTrade[] {
  const { point } = rules
  const cap = multiply(decimal(rules.rules.sectorCap), point.value)
  const cut = new Map<ConsideredTrade, ConsideredTrade>()
  const values = proposedValues(point.names, trades)
  for (const [sector] of proposedSectors(point, trades)) {
    const held = point.names.filter((name) => name.sector === sector).map(({ symbol }) => values.get(symbol) ?? ZERO)
    let excess = subtract(sum(held), cap)
    const buys = trades.filter((trade) => isOrder(trade) && trade.side === 'buy' && trade.sector === sector)
    for (const buy of buys.sort((a, b) => a.alpha.netBps - b.alpha.netBps || (a.symbol < b.symbol ? -1 : 1))) {
      const name = names.get(buy.symbol)
      if (!name || compare(excess, ZERO) <= 0) break
      const quantity = lotsFor(max(ZERO, subtract(buy.notional, excess)), buy.price, lotOf(name.asset, rules.rules))
      const why = `${sector} would weigh ${amountText(excess)} more than its cap of ${percentText(rules.rules.sectorCap)}`
      const smaller = resize(buy, min(quantity, buy.quantity), name, { verdict: 'limit', why }, rules)
      const bought = isOrder(smaller) ? smaller.notional : ZERO
      excess = subtract(excess, subtract(buy.notional, bought))
      cut.set(buy, smaller)
    }
  }
  return trades.map((trade) => cut.get(trade) ?? trade)
}
