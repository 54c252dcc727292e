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

  it('keeps nothing when somebody trades by hand', async () => {
    ports = { ...ports, broker: undefined }
    expect(await submit(ports)).toEqual([
      OrdersSubmitted.of({ session: FRIDAY, source: 'made', broker: 'none', orders: 0 }),
    ])
    expect(await ports.orders.open('made', session(FRIDAY))).toEqual([])
  })
})
