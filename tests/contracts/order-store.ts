import { describe, expect, it } from 'vitest'
import { session } from '../../shared/domain/market/session.ts'
import { decimal } from '../../shared/domain/money/decimal.ts'
import type { BrokerOrder, Fill } from '../../shared/ports/broker.ts'
import type { OrderStore } from '../../shared/ports/order-store.ts'
import { exactText } from './exact-text.ts'

const FEBRUARY = session('2024-02-05')
const MARCH = session('2024-03-04')

function order(id: string, given: Partial<BrokerOrder> = {}): BrokerOrder {
  return { id, symbol: 'A', side: 'buy', quantity: decimal('10.5'), session: FEBRUARY, source: 'made', ...given }
}

function fill(of: string, given: Partial<Fill> = {}): Fill {
  const amounts = { quantity: decimal(10), price: decimal('187.1501'), fee: decimal('1.05') }
  const at = Date.UTC(2024, 1, 5, 14, 30)
  return { order: of, execution: '1', symbol: 'A', side: 'buy', ...amounts, session: FEBRUARY, at, ...given }
}

const ids = (orders: readonly { readonly id: string }[]) => orders.map(({ id }) => id)

/** What every store of orders keeps to. `open` answers an empty one each time. */
export function orderStoreContract(name: string, open: () => Promise<OrderStore>): void {
  describe(`${name} as a store of orders`, () => {
    it('has as open what was submitted, by session and id, from the source and up to the session', async () => {
      const store = await open()
      await store.submit('r1', 'model', [order('b'), order('a'), order('x', { source: 'other' })])
      await store.submit('r1', 'model', [order('0', { session: MARCH })])

      expect(exactText(await store.open('made', FEBRUARY))).toBe(
        exactText([
          { ...order('a'), broker: 'model' },
          { ...order('b'), broker: 'model' },
        ]),
      )
      expect(ids(await store.open('made', MARCH))).toEqual(['a', 'b', '0'])
      expect(await store.open('made', session('2024-02-02'))).toEqual([])
    })

    it('leaves alone the orders that it knows', async () => {
      const store = await open()
      await store.submit('r1', 'model', [order('a')])
      await store.fill([fill('a')], [])
      await store.submit('r1', 'other', [order('a', { quantity: decimal(1) })])

      expect(await store.open('made', MARCH)).toEqual([])
      expect(await store.order('a')).toMatchObject({ broker: 'model', state: 'filled' })
    })

    it('lets open orders of earlier rebalances expire when new ones come, and only then', async () => {
      const store = await open()
      await store.submit('r1', 'model', [order('a'), order('b'), order('x', { source: 'other' })])
      await store.fill([fill('a')], [])
      await store.submit('r2', 'model', [order('c', { session: MARCH })])
      expect(ids(await store.open('made', MARCH))).toEqual(['c'])
      expect(await store.order('a')).toMatchObject({ state: 'filled' })
      expect(await store.order('b')).toMatchObject({ state: 'expired', fills: [] })
      expect(ids(await store.open('other', MARCH))).toEqual(['x'])

      // The first one told again, and a rebalance of a session before.
      await store.submit('r1', 'model', [order('a'), order('b')])
      await store.submit('r0', 'model', [order('old', { session: session('2024-01-08') })])
      expect(ids(await store.open('made', MARCH))).toEqual(['old', 'c'])
    })

    it('notes fills once, and the states of their orders', async () => {
      const store = await open()
      await store.submit('r1', 'model', [order('a'), order('b'), order('c'), order('d')])
      const whole = fill('a', { referencePrice: decimal(187.14999389648438) })
      const part = fill('b', { quantity: decimal('0.000001') })
      for (let i = 0; i < 2; i++) await store.fill([whole, part], ['b', 'c'])

      expect(exactText(await store.order('a'))).toBe(exactText({ broker: 'model', state: 'filled', fills: [whole] }))
      expect(exactText(await store.order('b'))).toBe(exactText({ broker: 'model', state: 'expired', fills: [part] }))
      expect(await store.order('c')).toMatchObject({ state: 'expired', fills: [] })
      expect(ids(await store.open('made', FEBRUARY))).toEqual(['d'])
      expect(await store.order('e')).toBeUndefined()
    })

    it('answers the fills of a range of sessions by session, order and execution', async () => {
      const store = await open()
      await store.submit('r1', 'model', [order('b'), order('a'), order('x', { source: 'other' })])
      const late = fill('a', { session: MARCH, execution: '0' })
      await store.fill([late, fill('b', { execution: '2' }), fill('b'), fill('x'), fill('a')], [])

      const found = (await store.fills('made', FEBRUARY, MARCH)).map(
        (one) => `${one.session} ${one.order}${one.execution}`,
      )
      expect(found).toEqual(['2024-02-05 a1', '2024-02-05 b1', '2024-02-05 b2', '2024-03-04 a0'])
      expect(exactText(await store.fills('made', MARCH, MARCH))).toBe(exactText([late]))
      expect(await store.fills('made', session('2024-02-06'), session('2024-03-01'))).toEqual([])
    })

    it('takes nothing for nothing', async () => {
      const store = await open()
      await store.submit('r1', 'model', [])
      await store.fill([], [])
      expect(await store.open('made', MARCH)).toEqual([])
    })
  })
}
