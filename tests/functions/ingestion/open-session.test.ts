import { describe, expect, it } from 'vitest'
import openSession from '../../../functions/ingestion/open-session/handler.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { call, madeProvider, memoryPorts } from './memory-ports.ts'

const { provider } = madeProvider({})
const SETTINGS = { symbols: ['AAPL', '^GSPC', 'BTC-USD'], provider: { name: 'simulated', seed: 7 } }
const open = (data: object, settings: Readonly<Record<string, unknown>> = SETTINGS) =>
  call(openSession, { key: 'k', params: {}, ...data }, memoryPorts(provider, settings))

describe('open-session', () => {
  it('opens the clock’s slot for what trades on the exchange', async () => {
    const slot = { key: '2024-04-16', from: '2024-04-16', to: '2024-04-16' }
    const spec = { name: 'simulated', seed: 7 }
    expect(await open({ slot })).toEqual([
      {
        subject: 'ingestion.session.opened',
        data: { from: '2024-04-16', to: '2024-04-16', provider: spec, symbols: ['AAPL', '^GSPC'] },
      },
      {
        subject: 'ingestion.window.opened',
        join: 'windows',
        part: 'w00001',
        data: {
          window: { id: 'w00001', interval: '1d', from: '2024-04-16', to: '2024-04-16' },
          provider: spec,
          symbols: ['AAPL', '^GSPC'],
          benchmark: '^GSPC',
        },
      },
    ])
  })

  it('opens the last completed session for everything when a person asks for nothing in particular', async () => {
    const [session, window] = await open({})
    expect(session.data).toMatchObject({ from: '2024-04-16', to: '2024-04-16' })
    expect(window.data).toMatchObject({ symbols: ['AAPL', '^GSPC', 'BTC-USD'] })
  })

  it('asks for headlines and ratios of current sessions only', async () => {
    const subjects = async (to: string) =>
      (await open({ params: { from: '2024-04-01', to } })).map(({ subject }) => subject)
    expect(await subjects('2024-04-12')).toEqual(['ingestion.window.opened'])
    expect(await subjects('2024-04-16')).toEqual(['ingestion.session.opened', 'ingestion.window.opened'])
  })

  it('takes what a person asks for before the settings', async () => {
    const params = {
      from: '2024-04-01',
      to: '2024-04-05',
      symbols: ['MSFT', '^VIX'],
      provider: { name: 'yahoo' },
      interval: '5m',
    }
    expect(await open({ params })).toMatchObject([
      {
        data: {
          window: { interval: '5m', from: '2024-04-01', to: '2024-04-05' },
          provider: { name: 'yahoo' },
          symbols: ['MSFT', '^VIX'],
        },
      },
    ])
    expect((await open({ params }))[0].data).not.toHaveProperty('benchmark')
  })

  it.each([
    [{ from: '2024-04-05', to: '2024-04-01' }, /the range is empty/],
    [{ from: '2024-04-06', to: '2024-04-07', symbols: ['AAPL'] }, /no session in that range/],
    [{ from: '1990-01-01', to: '2024-04-01' }, /expected dates from 2000-01-01 to 2028-12-31/],
    [{ from: '2024-04-01', to: '2031-01-01' }, /expected dates from 2000-01-01 to 2028-12-31/],
  ])('refuses %o at once, as wrong input', async (params, reason) => {
    const refused = open({ params })
    await expect(refused).rejects.toThrow(reason)
    await expect(refused).rejects.toBeInstanceOf(InputError)
  })

  it('says the same for the same opening', async () => {
    expect(await open({ params: { from: '2020-01-01' } })).toEqual(await open({ params: { from: '2020-01-01' } }))
  })
})
