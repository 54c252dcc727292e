import { describe, expect, it } from 'vitest'
import { matchOrders } from '../../../../shared/domain/execution/match-orders.ts'
import type { BrokerOrder } from '../../../../shared/domain/execution/order.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import { decimal } from '../../../../shared/domain/money/decimal.ts'
import { trade } from '../ledger/made-entries.ts'

const order: BrokerOrder = {
  ...{ id: 'o', symbol: 'A', side: 'buy', quantity: decimal(10) },
  ...{ session: session('2024-03-04'), source: 'made' },
}
const made = (key: string, quantity: number, given: Partial<Parameters<typeof trade>[0]> = {}) =>
  trade({ session: '2024-03-04', key, quantity: decimal(quantity), ...given })
const orders = (trades: ReturnType<typeof matchOrders>) => trades.map((one) => one.order)

describe('trades by hand', () => {
  it('fill the order of their symbol and side while it is open', () => {
    expect(orders(matchOrders([made('1', 6), made('2', 6), made('3', 1)], [order], []))).toEqual(['o', 'o', undefined])
    const recorded = [made('0', 10, { order: 'o' })]
    expect(orders(matchOrders([made('1', 1)], [order], recorded))).toEqual([undefined])
  })

  it('fill none of another symbol, another side or a later session', () => {
    const others = [
      made('1', 1, { symbol: 'B' }),
      made('2', 1, { side: 'sell' }),
      made('3', 1, { session: '2024-03-01' }),
    ]
    expect(orders(matchOrders(others, [order], []))).toEqual([undefined, undefined, undefined])
    expect(orders(matchOrders([made('1', 1, { session: '2024-03-06' })], [order], []))).toEqual(['o'])
  })

  it('stay as they are recorded', () => {
    const known = made('1', 4)
    expect(matchOrders([known], [order], [known])).toEqual([known])
  })
})
