import { describe, expect, it } from 'vitest'
import fetchCorporateActions from '../../../functions/ingestion/fetch-corporate-actions/handler.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { call, madeProvider, memoryPorts, windowData } from './memory-ports.ts'

const SYMBOLS = ['AAPL', 'MSFT', '^GSPC']
const split = { symbol: 'AAPL', exDate: session('2024-04-10'), type: 'split', value: 4, source: 'made' } as const
const dividend = {
  symbol: 'MSFT',
  exDate: session('2024-02-14'),
  type: 'dividend',
  value: 0.5,
  source: 'made',
} as const

describe('fetch-corporate-actions', () => {
  it('stores the splits and dividends of the window and of the history before it, of companies alone', async () => {
    const { provider, requests } = madeProvider({ actions: [split, dividend] })
    const ports = memoryPorts(provider)
    const data = windowData(SYMBOLS)
    expect(await call(fetchCorporateActions, data, ports)).toEqual([
      { subject: 'ingestion.actions.fetched', data: { ...data, actions: 2 } },
    ])
    expect(await ports.corporateActions.read(SYMBOLS, 'made', session('2024-04-16'))).toEqual([dividend, split])
    // 61 sessions before 1 April.
    expect(requests).toMatchObject([
      { call: 'splits', from: '2024-01-02', to: '2024-04-16', instruments: [{ symbol: 'AAPL' }, { symbol: 'MSFT' }] },
      { call: 'dividends', from: '2024-01-02', to: '2024-04-16' },
    ])
  })

  it('asks nobody where there is no company', async () => {
    const { provider, requests } = madeProvider({})
    expect(await call(fetchCorporateActions, windowData(['^GSPC', 'BTC-USD']), memoryPorts(provider))).toMatchObject([
      { data: { actions: 0 } },
    ])
    expect(requests).toEqual([])
  })

  it('leaves the same actions when called twice', async () => {
    const ports = memoryPorts(madeProvider({ actions: [split] }).provider)
    const first = await call(fetchCorporateActions, windowData(SYMBOLS), ports)
    expect(await call(fetchCorporateActions, windowData(SYMBOLS), ports, 2)).toEqual(first)
    expect(await ports.corporateActions.read(SYMBOLS, 'made', session('2024-04-16'))).toEqual([split])
  })
})
