import { describe, expect, it } from 'vitest'
import openPoll1h from '../../../functions/ingestion/open-poll-1h/handler.ts'
import openPoll1m from '../../../functions/ingestion/open-poll-1m/handler.ts'
import openPoll5m from '../../../functions/ingestion/open-poll-5m/handler.ts'
import { call, madeProvider, memoryPorts } from './memory-ports.ts'

const { provider } = madeProvider({})
const POLLS = [
  { step: openPoll1m, interval: '1m', minute: '2024-04-16T15:00Z', from: '14:56', to: '15:00' },
  { step: openPoll5m, interval: '5m', minute: '2024-04-16T15:00Z', from: '14:36', to: '14:56' },
  { step: openPoll1h, interval: '1h', minute: '2024-04-16T18:05Z', from: '13:06', to: '17:06' },
] as const

describe.each(POLLS)('open-poll-$interval', ({ step, interval, minute, from, to }) => {
  const ports = memoryPorts(provider, { symbols: ['AAPL', 'BTC-USD'], intraday: [interval] })
  const opening = { key: minute, slot: { key: minute, from: minute, to: minute }, params: {} }

  it('opens a window of the bars that have ended, as a part of the join', async () => {
    expect(await call(step, opening, ports)).toEqual([
      {
        subject: 'ingestion.window.opened',
        join: 'windows',
        part: 'w00001',
        data: {
          window: {
            id: 'w00001',
            interval,
            from: `2024-04-16T${from}:00.000Z`,
            to: `2024-04-16T${to}:00.000Z`,
          },
          provider: { name: 'simulated' },
          symbols: ['AAPL', 'BTC-USD'],
        },
      },
    ])
  })

  it('asks for the symbols and the provider a person names', async () => {
    const params = { symbols: ['MSFT'], provider: { name: 'yahoo' } }
    expect(await call(step, { ...opening, params }, ports)).toMatchObject([{ data: params }])
  })

  it('opens nothing at night but coins, and nothing at all without a slot', async () => {
    const night = { key: 'k', from: '2024-04-17T03:00Z', to: '2024-04-17T03:00Z' }
    expect(await call(step, { ...opening, slot: night }, ports)).toMatchObject([{ data: { symbols: ['BTC-USD'] } }])
    expect(await call(step, { key: 'k', params: {} }, ports)).toEqual([])
  })

  it('is in force only where the settings ask for it', () => {
    if (step.on.kind !== 'clock') throw new Error('not a clock')
    expect(step.on.enabled?.(ports)).toBe(true)
    expect(step.on.enabled?.(memoryPorts(provider))).toBe(false)
  })
})
