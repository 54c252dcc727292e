import type { CostModel } from '../costs/cost-model.ts'
import { type CostMarket, estimateCosts } from '../costs/estimate-costs.ts'
import type { Session } from '../market/session.ts'
import { compare, type Decimal, decimal, floorTo, max, negate, toNumber } from '../money/decimal.ts'
import { toCents } from '../money/scales.ts'

export interface Execution {
  readonly price: Decimal
  readonly fee: Decimal
  readonly referencePrice: Decimal
}

/** Stocks are priced to the hundredth of a cent, what costs less than one to eight decimals. */
const TICK = decimal('0.0001')
const SMALL_TICK = decimal('0.00000001')
const ONE = decimal(1)

/**
 * What a quantity traded at an open is expected to cost to the last cent: the open, worse by half the spread and the market impact, on the
 * next tick against us; the fee is commission and exchange fees.
 */
export function executeAtOpen(
  order: { readonly symbol: string; readonly side: 'buy' | 'sell'; readonly quantity: Decimal },
  open: { readonly session: Session; readonly price: number },
  market: CostMarket,
  model: CostModel,
): Execution {
  const { symbol, side } = order
  const { session, price } = open
  const costs = estimateCosts({ symbol, side, quantity: toNumber(order.quantity), price, session }, market, model)
  const worseBps = costs.halfSpread.bps + costs.permanentImpact.bps + costs.temporaryImpact.bps
  const factor = side === 'buy' ? 1 + worseBps / 1e4 : 1 - worseBps / 1e4
  return {
    price: onTick(decimal(price * factor), side),
    fee: toCents(decimal(costs.commission.amount + costs.exchangeFee.amount)),
    referencePrice: decimal(price),
  }
}

/** A price on the tick that is worse for us: up for a buy, down for a sale, but never to nothing. */
export function onTick(price: Decimal, side: 'buy' | 'sell'): Decimal {
  const tick = compare(price, ONE) < 0 ? SMALL_TICK : TICK
  return side === 'buy' ? negate(floorTo(negate(price), tick)) : max(tick, floorTo(price, tick))
}
