import { beforeEach, describe, expect, it } from 'vitest'
import { session } from '../../../shared/domain/market/session.ts'
import { OrdersSubmitted } from '../../../shared/events/execution.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { considered, FRIDAY, madePorts, submit } from './made-friday.ts'

let ports: AllPorts
beforeEach(async () => {
  ports = await madePorts([considered('A', 'buy', 100)])
})

describe('submitting orders', () => {
  it('gives the broker what is proposed, and nothing that was suppressed', async () => {
    ports = await madePorts([considered('A', 'buy', 100), considered('B', 'buy', 0, 'within-band')])
    expect(await submit(ports)).toEqual([
      OrdersSubmitted.of({ session: FRIDAY, source: 'made', broker: 'model', orders: 1 }),
    ])
    const open = await ports.orders.open('made', session(FRIDAY))
    expect(open.map(({ id, broker }) => [id, broker])).toEqual([[`${FRIDAY}-A-buy`, 'model']])
    await submit(ports)
    expect((await ports.orders.open('made', session(FRIDAY))).length).toBe(1)
  })

  it('lets what is left of earlier reports expire, also when it proposes nothing', async () => {
    await submit(ports)
    const nothing = { ...ports.rebalances, trades: async () => [considered('A', 'buy', 0, 'within-band')] }
    expect(await submit({ ...ports, rebalances: nothing })).toMatchObject([{ data: { orders: 0 } }])
    expect(await ports.orders.open('made', session(FRIDAY))).toEqual([])
    expect(await ports.orders.order(`${FRIDAY}-A-buy`)).toMatchObject({ state: 'expired', fills: [] })
  })

  it('keeps nothing when somebody trades by hand', async () => {
    ports = { ...ports, broker: undefined }
    expect(await submit(ports)).toEqual([
      OrdersSubmitted.of({ session: FRIDAY, source: 'made', broker: 'none', orders: 0 }),
    ])
    expect(await ports.orders.open('made', session(FRIDAY))).toEqual([])
  })
})
