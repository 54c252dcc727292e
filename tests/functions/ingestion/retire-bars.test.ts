import { describe, expect, it } from 'vitest'
import retireBars from '../../../functions/ingestion/retire-bars/handler.ts'
import { type BarSeries, takeBars } from '../../../shared/domain/market/bar.ts'
import { instant, msToSession, session, sessionToMs } from '../../../shared/domain/market/session.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { calmBars, madeSeries, nyseSessions, withBars } from '../../shared/domain/ingestion/made-bars.ts'
import { call, madeProvider, memoryPorts } from './memory-ports.ts'

const EQUITIES = { source: 'made', asset: 'equity', interval: '1d' } as const
const INDICES = { ...EQUITIES, asset: 'index' } as const
const SESSIONS = nyseSessions('2023-12-01', '2024-04-16')
const BARS = calmBars(SESSIONS)
/** 90 days before 17 April. */
const BEFORE = '2024-01-18'
const OLD = SESSIONS.filter((date) => date < BEFORE).length
const ALL = { from: instant(0), to: sessionToMs(session('2025-01-01')) }
const OPENING = { key: 'k', params: {} }

/** Ports whose hot store holds the hot series, and whose cold store holds the cold ones. */
async function stocked(hot: readonly BarSeries[], cold: readonly BarSeries[]): Promise<AllPorts> {
  const ports = memoryPorts(madeProvider({}).provider)
  await ports.barStore.store(EQUITIES, hot)
  await ports.catalogue.record(EQUITIES, await ports.barArchive.merge(EQUITIES, cold))
  return ports
}
const hotDates = async ({ barStore }: AllPorts, dataset: typeof EQUITIES | typeof INDICES = EQUITIES) =>
  (await barStore.read({ dataset, ...ALL })).flatMap(({ at }) => [...at].map(msToSession))
const retired = (rows: number, kept: unknown[] = []) => [
  { subject: 'ingestion.bars.retired', data: { before: BEFORE, rows, kept } },
]
const plain = madeSeries('AAA', BARS)
const without = (series: BarSeries, date: string) =>
  takeBars(
    series,
    [...series.at.keys()].filter((row) => msToSession(series.at[row]) !== date),
  )

describe('retire-bars', () => {
  it('deletes what is older than the hot days, when the cold store holds all of it', async () => {
    const ports = await stocked([plain], [plain])
    expect(await call(retireBars, OPENING, ports)).toEqual(retired(OLD))
    expect(await hotDates(ports)).toEqual(SESSIONS.filter((date) => date >= BEFORE))
    expect(await ports.barStore.retiredBefore(EQUITIES)).toBe(sessionToMs(session(BEFORE)))
    expect(await ports.barHistory.read({ dataset: EQUITIES, ...ALL })).toEqual([plain])
  })

  it('keeps everything of a dataset of which the cold store lacks one row, and names it', async () => {
    const ports = await stocked([plain], [without(plain, '2023-12-20')])
    expect(await call(retireBars, OPENING, ports)).toEqual(
      retired(0, ['made/equity/1d: AAA 2023-12-20T00:00:00.000Z (raw) is not in the cold store']),
    )
    expect(await hotDates(ports)).toEqual(SESSIONS)
    expect(await ports.barStore.retiredBefore(EQUITIES)).toBeUndefined()
  })

  it('keeps a dataset of which the cold store holds another number', async () => {
    const stale = madeSeries('AAA', withBars(BARS, { '2023-12-20': { volume: 7 } }))
    const ports = await stocked([plain], [stale])
    expect(await call(retireBars, OPENING, ports)).toEqual(
      retired(0, ['made/equity/1d: AAA 2023-12-20T00:00:00.000Z has volume 1000, in the cold store 7']),
    )
  })

  it('keeps a dataset whose file was written but never catalogued', async () => {
    const ports = memoryPorts(madeProvider({}).provider)
    await ports.barStore.store(EQUITIES, [plain])
    await ports.barArchive.merge(EQUITIES, [plain])
    expect(await call(retireBars, OPENING, ports)).toMatchObject(retired(0, [expect.stringContaining('2023-12-01')]))
  })

  it('keeps a dataset of which a file is gone, and retires the others', async () => {
    const ports = await stocked([plain], [plain])
    const index = madeSeries('^GSPC', BARS)
    await ports.barStore.store(INDICES, [index])
    await ports.catalogue.record(INDICES, await ports.barArchive.merge(INDICES, [index]))
    const [{ key }] = await ports.catalogue.partitions(EQUITIES, session('2023-12-20'), session('2023-12-20'))
    await ports.objects.delete(key)
    expect(await call(retireBars, OPENING, ports)).toEqual(
      retired(OLD, [`made/equity/1d: ${key} is in the catalogue but not in the object store`]),
    )
    expect(await hotDates(ports)).toEqual(SESSIONS)
    expect(await hotDates(ports, INDICES)).toEqual(SESSIONS.filter((date) => date >= BEFORE))
  })

  it('does not mind what the cold store lacks of the days that stay hot', async () => {
    const ports = await stocked([plain], [without(plain, '2024-03-20')])
    expect(await call(retireBars, OPENING, ports)).toEqual(retired(OLD))
  })

  it('compares quotes too, a missing one as missing', async () => {
    const bid = plain.close.map((close) => close - 0.01).with(3, Number.NaN)
    const quoted = { ...plain, bid, ask: plain.close.map((close) => close + 0.01) }
    expect(await call(retireBars, OPENING, await stocked([quoted], [quoted]))).toEqual(retired(OLD))
    const wider = { ...quoted, ask: quoted.ask.with(3, 1000) }
    expect(await call(retireBars, OPENING, await stocked([quoted], [wider]))).toMatchObject(
      retired(0, [expect.stringMatching(/2023-12-06.* has ask 100\.\d+, in the cold store 1000/)]),
    )
  })

  it('keeps prices that the cold store holds in another basis, though the numbers are the same', async () => {
    const adjusted = { ...plain, basis: 'split-adjusted' as const }
    expect(await call(retireBars, OPENING, await stocked([adjusted], [plain]))).toEqual(
      retired(0, ['made/equity/1d: AAA 2023-12-01T00:00:00.000Z (split-adjusted) is not in the cold store']),
    )
  })

  it('keeps as many days as a person asks for', async () => {
    const ports = await stocked([plain], [plain])
    const [{ data }] = await call(retireBars, { key: 'k', params: { hotDays: 10 } }, ports)
    expect(data).toMatchObject({ before: '2024-04-07' })
    expect(await hotDates(ports)).toEqual(SESSIONS.filter((date) => date >= '2024-04-07'))
  })

  it('retires nothing the second time', async () => {
    const ports = await stocked([plain], [plain])
    await call(retireBars, OPENING, ports)
    expect(await call(retireBars, OPENING, ports, 2)).toEqual(retired(0))
    expect(await hotDates(ports)).toEqual(SESSIONS.filter((date) => date >= BEFORE))
  })
})
