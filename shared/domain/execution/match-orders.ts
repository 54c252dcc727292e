import type { LedgerEntry, Trade } from '../ledger/entry.ts'
import { compare, type Decimal, subtract, ZERO } from '../money/decimal.ts'
import type { BrokerOrder } from './order.ts'

/**
 * Trades that somebody made by hand, each with the order it fills: one of the same symbol and side that was for its session or an earlier one,
 * while the trades recorded for it, and those before in the list, leave something of it open. A trade without such an order stays as it is.
 */
export function matchOrders(
  trades: readonly Trade[],
  orders: readonly BrokerOrder[],
  recorded: readonly LedgerEntry[],
): Trade[] {
  const open = new Map<string, Decimal>(orders.map(({ id, quantity }) => [id, quantity]))
  const fill = ({ order, quantity }: Trade) => {
    const left = order === undefined ? undefined : open.get(order)
    if (order !== undefined && left !== undefined) open.set(order, subtract(left, quantity))
  }
  const known = new Set(recorded.map(({ key }) => key))
  for (const entry of recorded) if (entry.kind === 'trade') fill(entry)
  return trades.map((trade) => {
    if (known.has(trade.key)) return trade
    const order = orders.find(
      ({ id, symbol, side, session }) =>
        symbol === trade.symbol &&
        side === trade.side &&
        session <= trade.session &&
        compare(open.get(id) ?? ZERO, ZERO) > 0,
    )
    const matched = order ? { ...trade, order: order.id } : trade
    fill(matched)
    return matched
  })
}
