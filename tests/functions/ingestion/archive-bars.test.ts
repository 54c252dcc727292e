import { describe, expect, it } from 'vitest'
import archiveBars from '../../../functions/ingestion/archive-bars/handler.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { serialKey } from '../../../shared/runtime/outline.ts'
import { withBars } from '../../shared/domain/ingestion/made-bars.ts'
import { call } from './memory-ports.ts'
import { ALL, BARS, batchOf, carried, EQUITIES, ROWS, SESSIONS, validated } from './validated-batch.ts'

describe('archive-bars', () => {
  const through = [session('2024-04-01'), session('2024-04-30')] as const

  it('writes a partition a session and dataset, and catalogues them', async () => {
    const { ports, data } = await validated()
    expect(await call(archiveBars, data, ports)).toEqual([
      { subject: 'ingestion.bars.archived', data: { ...carried, rows: ROWS, partitions: 2 * SESSIONS.length } },
    ])
    const partitions = await ports.catalogue.partitions(EQUITIES, ...through)
    expect(partitions.map((partition) => [partition.session, partition.rows])).toEqual(
      SESSIONS.map((date) => [date, 2]),
    )
    expect(await ports.barArchive.read({ dataset: EQUITIES, ...ALL }, partitions)).toEqual(batchOf(BARS)[0].series)
  })

  it('writes the same bytes and catalogue the second time', async () => {
    const { ports, data } = await validated()
    const first = await call(archiveBars, data, ports)
    const partitions = await ports.catalogue.partitions(EQUITIES, ...through)
    expect(await call(archiveBars, data, ports, 2)).toEqual(first)
    expect(await ports.catalogue.partitions(EQUITIES, ...through)).toEqual(partitions)
  })

  it('changes the one partition in which a bar was corrected', async () => {
    const { ports, data } = await validated()
    await call(archiveBars, data, ports)
    const before = await ports.catalogue.partitions(EQUITIES, ...through)
    const next = await validated(withBars(BARS, { '2024-04-10': { volume: 5 } }), ports, 'corrected')
    await call(archiveBars, next.data, ports)
    const after = await ports.catalogue.partitions(EQUITIES, ...through)
    const changed = after.filter(({ sha256 }, i) => sha256 !== before[i].sha256)
    expect(changed.map((partition) => partition.session)).toEqual(['2024-04-10'])
  })

  it('lets one writer at a time into the partitions of a source and interval', () => {
    const keyOf = (source: string, interval: string) => serialKey(archiveBars, { source, window: { interval } })
    expect(keyOf('made', '1d')).toBe(keyOf('made', '1d'))
    expect(new Set([keyOf('made', '1d'), keyOf('other', '1d'), keyOf('made', '5m')]).size).toBe(3)
  })

  it('goes on after an attempt that died between the files and the catalogue', async () => {
    const { ports, data } = await validated()
    const record = () => Promise.reject(new Error('killed'))
    await expect(call(archiveBars, data, { ...ports, catalogue: { ...ports.catalogue, record } })).rejects.toThrow(
      'killed',
    )
    expect(await ports.catalogue.partitions(EQUITIES, ...through)).toEqual([])
    await call(archiveBars, data, ports, 2)
    const partitions = await ports.catalogue.partitions(EQUITIES, ...through)
    expect(await ports.barArchive.read({ dataset: EQUITIES, ...ALL }, partitions)).toEqual(batchOf(BARS)[0].series)
  })
})
