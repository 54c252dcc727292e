import { beforeEach, describe, expect, it } from 'vitest'
import openSession from '../../../functions/execution/open-session/handler.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { decimal } from '../../../shared/domain/money/decimal.ts'
import { SettlementOpened } from '../../../shared/events/execution.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { call } from '../ingestion/memory-ports.ts'
import { considered, FRIDAY, madePorts, range } from './made-friday.ts'

let ports: AllPorts
beforeEach(async () => {
  ports = await madePorts([considered('A', 'buy', 100)])
})

describe('opening settlement', () => {
  const slot = { key: FRIDAY, from: FRIDAY, to: FRIDAY }
  const open = (params: Record<string, string> = {}, due: object | undefined = slot) =>
    call(openSession, { key: 'made', ...(due && { slot: due }), params }, ports)

  it('takes the clock’s session and a week before it', async () => {
    expect(await open()).toEqual([SettlementOpened.of({ from: '2024-03-08', to: FRIDAY, source: 'simulated' })])
  })

  it('settles the book’s own source, and no other', async () => {
    await ports.ledger.record('made', [
      { kind: 'flow', key: 'f', session: session(FRIDAY), amount: decimal(1), reason: 'made' },
    ])
    expect(await open({ from: FRIDAY })).toEqual([SettlementOpened.of({ ...range })])
    await expect(open({ source: 'yahoo' })).rejects.toThrow('the book is kept in prices of "made"')
  })

  it('refuses sessions that have not closed', async () => {
    await expect(open({ to: '2024-03-18' }, undefined)).rejects.toThrow('expected sessions up to 2024-03-15')
  })
})
