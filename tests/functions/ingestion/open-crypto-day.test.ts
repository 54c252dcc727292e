import { describe, expect, it } from 'vitest'
import openCryptoDay from '../../../functions/ingestion/open-crypto-day/handler.ts'
import { call, madeProvider, memoryPorts } from './memory-ports.ts'

const { provider } = madeProvider({})
const open = (data: object, symbols = ['AAPL', 'BTC-USD', 'ETH-USD']) =>
  call(openCryptoDay, { key: 'k', params: {}, ...data }, memoryPorts(provider, { symbols }))

describe('open-crypto-day', () => {
  it('opens the last whole UTC day of the coins', async () => {
    expect(await open({})).toEqual([
      {
        subject: 'ingestion.window.opened',
        join: 'windows',
        part: 'w00001',
        data: {
          window: { id: 'w00001', interval: '1d', from: '2024-04-16', to: '2024-04-16' },
          provider: { name: 'simulated' },
          symbols: ['BTC-USD', 'ETH-USD'],
        },
      },
    ])
  })

  it('opens missed days as one range, weekends included', async () => {
    const slot = { key: 'k', from: '2024-04-12', to: '2024-04-15' }
    expect(await open({ slot })).toMatchObject([{ data: { window: { from: '2024-04-12', to: '2024-04-15' } } }])
  })

  it('opens nothing where nothing trades around the clock', async () => {
    expect(await open({}, ['AAPL'])).toEqual([])
  })

  it('refuses a range that is empty or outside the calendar', async () => {
    await expect(open({ params: { from: '2024-04-05', to: '2024-04-01' } })).rejects.toThrow(/the range is empty/)
    await expect(open({ params: { from: '1800-01-01', to: '2024-04-01' } })).rejects.toThrow(/expected dates from 1900/)
  })
})
