import { beforeEach, describe, expect, it } from 'vitest'
import settleOrders from '../../../functions/execution/settle-orders/handler.ts'
import { buyingPower } from '../../../shared/domain/execution/buying-power.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { decimal, toNumber, toText, ZERO } from '../../../shared/domain/money/decimal.ts'
import { OrdersFilled } from '../../../shared/events/execution.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { call } from '../ingestion/memory-ports.ts'
import { considered, FRIDAY, madePorts, range, submit, THURSDAY } from './made-friday.ts'

let ports: AllPorts
beforeEach(async () => {
  ports = await madePorts([considered('A', 'buy', 100)])
})

describe('settling orders', () => {
  const settle = (given: object = {}) => call(settleOrders, { ...range, ...given }, ports)

  it('notes what the broker filled, paid from the capital while the ledger is empty', async () => {
    ports = await madePorts([considered('A', 'buy', 9000), considered('B', 'buy', 9000)])
    await submit(ports)
    expect(await settle()).toEqual([OrdersFilled.of({ ...range, fills: 2, expired: 1 })])
    const fills = await ports.orders.fills('made', session(FRIDAY), session(FRIDAY))
    expect(fills.map(({ symbol, quantity }) => [symbol, toNumber(quantity) === 9000])).toEqual([
      ['A', true],
      ['B', false],
    ])
    const left = toNumber(buyingPower(ZERO, [], fills, decimal(1_000_000), session(FRIDAY)))
    expect(left).toBeGreaterThanOrEqual(0)
    expect(left).toBeLessThan(toNumber(fills[1].price) + toNumber(fills[1].fee))
    expect(await settle()).toEqual([OrdersFilled.of({ ...range, fills: 0, expired: 0 })])
  })

  it('pays from the cash of the book otherwise, fills that are not recorded yet counted', async () => {
    await ports.ledger.record('made', [
      { kind: 'flow', key: 'f', session: session(FRIDAY), amount: decimal(1000), reason: 'made' },
    ])
    await ports.orders.submit('before', 'model', [
      { ...considered('B', 'buy', 4), id: 'before', session: session(THURSDAY), source: 'made' },
    ])
    const amounts = { quantity: decimal(4), price: decimal(100), fee: decimal(0) }
    await ports.orders.fill(
      [{ order: 'before', execution: '1', symbol: 'B', side: 'buy', ...amounts, session: session(THURSDAY), at: 0 }],
      [],
    )
    await submit(ports)
    await settle({ from: THURSDAY })
    const [fill] = await ports.orders.fills('made', session(FRIDAY), session(FRIDAY))
    expect(toText(fill.quantity)).toBe('5')
  })

  it('pays a missed session with the cash of that session, not with what came in since', async () => {
    const flow = (key: string, date: string, amount: number) =>
      ({ kind: 'flow', key, session: session(date), amount: decimal(amount), reason: 'made' }) as const
    await ports.ledger.record('made', [flow('before', THURSDAY, 450), flow('later', FRIDAY, 100_000)])
    await ports.orders.submit('missed', 'model', [
      { ...considered('A', 'buy', 10), id: 'missed', session: session(THURSDAY), source: 'made' },
    ])
    await settle({ from: THURSDAY })
    const [fill] = await ports.orders.fills('made', session(THURSDAY), session(FRIDAY))
    expect([fill.session, toText(fill.quantity)]).toEqual([THURSDAY, '4'])
  })

  it('leaves what is spent in a later session', async () => {
    const flow = (key: string, date: string, amount: number) =>
      ({ kind: 'flow', key, session: session(date), amount: decimal(amount), reason: 'made' }) as const
    await ports.ledger.record('made', [flow('before', THURSDAY, 1000), flow('out', FRIDAY, -550)])
    await ports.orders.submit('missed', 'model', [
      { ...considered('A', 'buy', 10), id: 'missed', session: session(THURSDAY), source: 'made' },
    ])
    await settle({ from: THURSDAY })
    const [fill] = await ports.orders.fills('made', session(THURSDAY), session(FRIDAY))
    expect(toText(fill.quantity)).toBe('4')
  })

  it('reaches back to a fill that became known late', async () => {
    await submit(ports)
    await ports.orders.submit('late', 'model', [
      { ...considered('B', 'buy', 4), id: 'late', session: session(THURSDAY), source: 'made' },
    ])
    expect(await settle()).toEqual([OrdersFilled.of({ ...range, from: THURSDAY, fills: 2, expired: 0 })])
  })

  it('has nothing to ask without a broker', async () => {
    await submit(ports)
    ports = { ...ports, broker: undefined }
    expect(await settle()).toEqual([OrdersFilled.of({ ...range, fills: 0, expired: 0 })])
  })
})
