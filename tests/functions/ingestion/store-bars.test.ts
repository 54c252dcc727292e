import { describe, expect, it } from 'vitest'
import storeBars from '../../../functions/ingestion/store-bars/handler.ts'
import { withBars } from '../../shared/domain/ingestion/made-bars.ts'
import { call } from './memory-ports.ts'
import { ALL, BARS, batchOf, carried, EQUITIES, INDICES, ROWS, validated } from './validated-batch.ts'

describe('store-bars', () => {
  it('stores every bar and counts what was new', async () => {
    const { ports, data } = await validated()
    expect(await call(storeBars, data, ports)).toEqual([
      { subject: 'ingestion.bars.stored', data: { ...carried, rows: ROWS, inserted: ROWS, replaced: 0, unchanged: 0 } },
    ])
    expect(await ports.barStore.read({ dataset: EQUITIES, ...ALL })).toEqual(batchOf(BARS)[0].series)
    expect(await ports.barStore.read({ dataset: INDICES, ...ALL })).toEqual(batchOf(BARS)[1].series)
  })

  it('changes nothing the second time', async () => {
    const { ports, data } = await validated()
    await call(storeBars, data, ports)
    expect(await call(storeBars, data, ports, 2)).toMatchObject([{ data: { inserted: 0, unchanged: ROWS } }])
    expect(await ports.barStore.read({ dataset: EQUITIES, ...ALL })).toEqual(batchOf(BARS)[0].series)
  })

  it('counts a corrected bar as replaced, and leaves the others alone', async () => {
    const { ports, data } = await validated()
    await call(storeBars, data, ports)
    const corrected = withBars(BARS, { '2024-04-10': { volume: 5 } })
    const next = await validated(corrected, ports, 'corrected')
    expect(await call(storeBars, next.data, ports)).toMatchObject([
      { data: { rows: ROWS, inserted: 0, replaced: 1, unchanged: ROWS - 1 } },
    ])
  })
})
