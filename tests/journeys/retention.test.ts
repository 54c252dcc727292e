import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BarSeries, Dataset } from '../../shared/domain/market/bar.ts'
import { instant, session, sessionToMs } from '../../shared/domain/market/session.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'
import { SESSIONS, SYMBOLS, writeMarket } from './made-market.ts'

const EQUITIES: Dataset = { source: 'made', asset: 'equity', interval: '1d' }
const INDICES: Dataset = { ...EQUITIES, asset: 'index' }

let made: MadeHouse
beforeAll(async () => {
  made = await madeHouse({ now: '2024-07-01T12:00:00Z', settings: { symbols: SYMBOLS } })
  const data = await writeMarket(join(made.home, 'data'))
  const provider = { name: 'file', data, basis: 'raw', source: 'made' }
  const row = await made.run({
    workflow: 'ingestion',
    key: 'spring',
    params: { from: SESSIONS[0], to: SESSIONS.at(-1), provider },
  })
  expect(row.state).toBe('ok')
})
afterAll(() => made?.close())

const history = (dataset: Dataset, more: Record<string, unknown> = {}): Promise<BarSeries[]> =>
  made.house.parts.ports.barHistory.read({
    dataset,
    from: sessionToMs(SESSIONS[0]),
    to: sessionToMs(session('2024-06-29')),
    ...more,
  })
const hotDates = async (asset: string) => {
  const rows = await made.query<{ date: string }>(
    'select distinct date from ingestion.market_data where asset = $1 order by date',
    asset,
  )
  return rows.map(({ date }) => date)
}
const retire = (key: string) => made.run({ workflow: 'retention', key, params: {} })

describe('retention', () => {
  it('retires nothing while every bar is younger than the hot days', async () => {
    made.time.now = instant(Date.parse('2024-05-29T12:00:00Z'))
    const { run, state } = await retire('young')
    expect(state).toBe('ok')
    expect(await made.said(run, 'ingestion.bars.retired')).toEqual([{ before: '2024-02-29', rows: 0, kept: [] }])
    expect(await hotDates('equity')).toEqual(SESSIONS)
  })

  it('keeps a dataset of which a file is not what the catalogue says, and retires the others', async () => {
    made.time.now = instant(Date.parse('2024-07-15T12:00:00Z'))
    const file = join(
      made.home,
      'objects/market_data/source=made/asset=index/interval=1d/year=2024/month=03/day=05/market_data.parquet',
    )
    const whole = await readFile(file)
    await writeFile(file, whole.subarray(0, whole.length - 1))
    const equitiesBefore = await history(EQUITIES)
    const { run, state } = await retire('damaged')
    expect(state).toBe('partial')
    const [retired] = await made.said(run, 'ingestion.bars.retired')
    expect(retired).toMatchObject({
      before: '2024-04-16',
      kept: [expect.stringMatching(/^made\/index\/1d: .*day=05.*not what the catalogue says/)],
    })
    expect(await hotDates('index')).toEqual(SESSIONS)
    expect(await hotDates('equity')).toEqual(SESSIONS.filter((date) => date >= '2024-04-16'))
    expect(await history(EQUITIES)).toEqual(equitiesBefore)
    await writeFile(file, whole)
  })

  it('moves what is older to the cold store alone, and every history reads as before', async () => {
    const asked = [
      { adjusted: 'none' },
      { adjusted: 'split' },
      { adjusted: 'total', asOf: session('2024-06-28') },
      { symbols: ['FOUR'], to: sessionToMs(session('2024-04-20')) },
    ]
    const read = () =>
      Promise.all([EQUITIES, INDICES].flatMap((dataset) => asked.map((more) => history(dataset, more))))
    const before = await read()
    expect(before[0].reduce((sum, { at }) => sum + at.length, 0)).toBeGreaterThan(250)

    made.time.now = instant(Date.parse('2024-09-01T12:00:00Z'))
    const { run } = await retire('autumn')
    const [retired] = await made.said(run, 'ingestion.bars.retired')
    expect(retired).toMatchObject({ before: '2024-06-03', kept: [] })
    expect(await hotDates('index')).toEqual(SESSIONS.filter((date) => date >= '2024-06-03'))
    expect(await read()).toEqual(before)
  })

  it('finds nothing more to retire the second time', async () => {
    const { run } = await retire('again')
    expect(await made.said(run, 'ingestion.bars.retired')).toEqual([{ before: '2024-06-03', rows: 0, kept: [] }])
  })
})
