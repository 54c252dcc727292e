import { describe, expect, it } from 'vitest'
import fetchBars from '../../../functions/ingestion/fetch-bars/handler.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import { calmBars, madeSeries, nyseSessions } from '../../shared/domain/ingestion/made-bars.ts'
import { call, madeProvider, memoryPorts, RUN, windowData } from './memory-ports.ts'

const BARS = calmBars(nyseSessions('2023-12-01', '2024-04-16'))
const SYMBOLS = ['AAPL', 'MSFT', '^GSPC']
const series = SYMBOLS.map((symbol) => madeSeries(symbol, BARS))

describe('fetch-bars', () => {
  const data = { ...windowData(SYMBOLS), actions: 0 }

  it('hands on the bars of the window and 61 sessions before it, sorted by asset class', async () => {
    const { provider, requests } = madeProvider({ series })
    const ports = memoryPorts(provider)
    const rows = 3 * nyseSessions('2024-01-02', '2024-04-16').length
    const [fetched, ...others] = await call(fetchBars, { ...data, benchmark: '^GSPC' }, ports)
    expect(others).toEqual([])
    expect(fetched).toEqual({
      subject: 'ingestion.bars.fetched',
      data: {
        ...windowData(SYMBOLS),
        benchmark: '^GSPC',
        source: 'made',
        batch: { key: `work/${RUN}/w00001/fetched`, sha256: expect.any(String), rows },
        missing: [],
        missingCount: 0,
      },
    })
    expect(requests).toMatchObject([{ call: 'eod', from: '2024-01-02', to: '2024-04-16' }])
    const batches = await ports.barBatches.read(`work/${RUN}/w00001/fetched`)
    expect(batches.map(({ dataset, series: some }) => [dataset.asset, some.map(({ symbol }) => symbol)])).toEqual([
      ['equity', ['AAPL', 'MSFT']],
      ['index', ['^GSPC']],
    ])
    expect(await ports.payloadLedger.read(RUN)).toHaveLength(3)
  })

  it('reports a symbol that fails beside those that came', async () => {
    const { provider } = madeProvider({ series, failing: { MSFT: `it is gone${'!'.repeat(500)}` } })
    const ports = memoryPorts(provider)
    const [{ data: said }] = await call(fetchBars, data, ports)
    expect(said).toMatchObject({
      missing: [{ symbol: 'MSFT', reason: expect.stringMatching(/^it is gone!{190}$/) }],
      missingCount: 1,
    })
    const batches = await ports.barBatches.read(`work/${RUN}/w00001/fetched`)
    expect(batches.flatMap(({ series: some }) => some.map(({ symbol }) => symbol))).toEqual(['AAPL', '^GSPC'])
  })

  it('names twenty of the missing and counts them all, so that the event stays small', async () => {
    const symbols = Array.from({ length: 500 }, (_, i) => `S${i}`)
    const failing = Object.fromEntries(symbols.map((symbol) => [symbol, 'x'.repeat(10_000)]))
    const [said] = await call(
      fetchBars,
      { ...windowData(symbols), actions: 0 },
      memoryPorts(madeProvider({ failing }).provider),
    )
    expect(said.data).toMatchObject({ missingCount: 500, batch: { rows: 0 } })
    expect((said.data as { missing: unknown[] }).missing).toHaveLength(20)
    expect(JSON.stringify(said).length).toBeLessThan(10_000)
  })

  it('asks for the time of a poll and the sessions before it', async () => {
    const { provider, requests } = madeProvider({})
    const window = { id: 'w00001', interval: '5m', from: '2024-04-16T14:36:00.000Z', to: '2024-04-16T14:56:00.000Z' }
    await call(fetchBars, { ...data, window }, memoryPorts(provider))
    expect(requests).toMatchObject([
      {
        call: 'intraday',
        interval: '5m',
        from: Date.parse('2024-04-15T00:00:00Z'),
        to: Date.parse('2024-04-16T14:56:00Z'),
      },
    ])
  })

  it('asks for whole days of intraday bars, the last one included', async () => {
    const { provider, requests } = madeProvider({})
    const window = { id: 'w00001', interval: '5m', from: '2024-04-16', to: '2024-04-17' }
    await call(fetchBars, { ...data, window }, memoryPorts(provider))
    expect(requests).toMatchObject([
      { call: 'intraday', from: Date.parse('2024-04-15T00:00:00Z'), to: Date.parse('2024-04-18T00:00:00Z') },
    ])
  })

  it('says and leaves the same on a second attempt, though the world has changed', async () => {
    const world = { ...madeProvider({ series }).provider }
    const ports = memoryPorts(world)
    const first = await call(fetchBars, data, ports)
    world.fetchEod = madeProvider({ series: [madeSeries('AAPL', BARS.slice(0, -1))] }).provider.fetchEod
    expect(await call(fetchBars, data, ports, 2)).toEqual(first)
  })

  it('lets a provider that is away be waited for', async () => {
    const { provider } = madeProvider({})
    const away = { ...provider, fetchEod: () => Promise.reject(new UnavailableError('no network')) }
    await expect(call(fetchBars, data, memoryPorts(away))).rejects.toBeInstanceOf(UnavailableError)
  })
})
