import type { CostModel } from '../costs/cost-model.ts'
import type { CostMarket } from '../costs/estimate-costs.ts'
import { tradeValue } from '../ledger/trade-value.ts'
import { instrumentOf } from '../market/instrument.ts'
import type { Session } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import { add, compare, type Decimal, decimal, divide, floorTo, isZero, min, subtract, ZERO } from '../money/decimal.ts'
import { FRACTIONAL_SHARES, WHOLE_SHARES } from '../money/scales.ts'
import { type Execution, executeAtOpen } from './execute-at-open.ts'
import type { BrokerOrder, Fill } from './order.ts'

const CENT = decimal('0.01')

/** An order that has found its open, with what was known of its market before. */
export interface OrderAtOpen {
  /** On the share count of that session. */
  readonly order: BrokerOrder
  readonly open: { readonly session: Session; readonly price: number }
  readonly market: CostMarket
}

/**
 * Fills orders at their opens as the cost model has it: session by session, sales before buys, then by id. A buy that the buying power (with
 * what was sold until then) does not pay is cut to what it pays and expires with the rest; so cash never goes below zero.
 */
export function modelFills(
  orders: readonly OrderAtOpen[],
  buyingPower: Decimal,
  model: CostModel,
): { readonly fills: Fill[]; readonly expired: string[] } {
  const fills: Fill[] = []
  const expired: string[] = []
  let cash = buyingPower
  for (const { order, open, market } of [...orders].sort(compareOrders)) {
    const execution = executeAtOpen(order, open, market, model)
    const { quantity, fee } =
      order.side === 'buy' ? affordable(order, open, market, model, execution, cash) : { ...order, ...execution }
    if (compare(quantity, order.quantity) < 0) expired.push(order.id)
    if (isZero(quantity)) continue
    const value = tradeValue(quantity, execution.price)
    cash = subtract(order.side === 'buy' ? subtract(cash, value) : add(cash, value), fee)
    const { id, symbol, side } = order
    const at = tradingCalendar(instrumentOf(symbol).calendar).openAt(open.session)
    fills.push({
      ...execution,
      order: id,
      execution: open.session,
      symbol,
      side,
      quantity,
      fee,
      session: open.session,
      at,
    })
  }
  return { fills, expired }
}

/** How much of a buy the cash pays, and its fee. The price stays that of the whole order. */
function affordable(
  order: BrokerOrder,
  open: OrderAtOpen['open'],
  market: CostMarket,
  model: CostModel,
  { price, fee }: Execution,
  cash: Decimal,
): { readonly quantity: Decimal; readonly fee: Decimal } {
  const { quantity } = order
  if (compare(add(tradeValue(quantity, price), fee), cash) <= 0) return { quantity, fee }
  // In whole cents: what is within half a cent of them then rounds to them, and never above.
  const left = floorTo(subtract(cash, fee), CENT)
  if (compare(left, ZERO) <= 0) return { quantity: ZERO, fee: ZERO }
  const step = compare(floorTo(quantity, WHOLE_SHARES), quantity) === 0 ? WHOLE_SHARES : FRACTIONAL_SHARES
  const part = floorTo(divide(left, price, 12), step)
  if (isZero(part)) return { quantity: ZERO, fee: ZERO }
  const lower = executeAtOpen({ ...order, quantity: part }, open, market, model).fee
  return { quantity: part, fee: min(lower, fee) }
}

function compareOrders(a: OrderAtOpen, b: OrderAtOpen): number {
  if (a.open.session !== b.open.session) return a.open.session < b.open.session ? -1 : 1
  if (a.order.side !== b.order.side) return a.order.side === 'sell' ? -1 : 1
  return a.order.id < b.order.id ? -1 : a.order.id > b.order.id ? 1 : 0
}
