import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startScheduler } from '../../infra/local/scheduler.ts'
import { simulatedProvider } from '../../shared/adapters/simulated/provider.ts'
import { instant, session, sessionToMs } from '../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../shared/domain/market/trading-calendar.ts'
import { DEFAULT_INSTRUMENTS } from '../../shared/domain/universe/default-instruments.ts'
import type { DataProvider } from '../../shared/ports/data-provider.ts'
import { UnavailableError } from '../../shared/ports/errors.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'

/** A Wednesday morning: Tuesday's session is over, and the polls find only coins awake. */
const NOW = '2024-06-12T07:00:00Z'
const COINS = DEFAULT_INSTRUMENTS.filter(({ calendar }) => calendar === '24/7').map(({ symbol }) => symbol)
const LISTED = DEFAULT_INSTRUMENTS.filter(({ calendar }) => calendar === 'XNYS').map(({ symbol }) => symbol)

let made: MadeHouse
/** What the provider is told to do besides its work. */
let provider: (simulated: DataProvider) => DataProvider = (simulated) => simulated

beforeAll(async () => {
  made = await madeHouse({
    now: NOW,
    settings: { intraday: ['5m'] },
    openProvider: async (spec) => {
      const clean = simulatedProvider({ seed: spec.seed ?? 1, badTicks: false })
      // Asked anew at every call, so that a test can change its mind.
      return new Proxy(clean, { get: (target, property) => Reflect.get(provider(target), property) })
    },
  })
})
afterAll(() => made?.close())

const barsOn = (date: string) =>
  made.query<{ symbol: string; asset: string }>(
    `select symbol, asset from ingestion.market_data where date = $1 and source = 'simulated' order by symbol`,
    date,
  )
describe('one simulated session', () => {
  it('brings bars of everything, ratios and headlines, and passes', async () => {
    const row = await made.run({
      workflow: 'ingestion',
      // The key that the clock will want: its own run is another revision then.
      key: '2024-06-11',
      params: { from: '2024-06-11', to: '2024-06-11' },
    })
    expect({ state: row.state, reason: row.reason }).toEqual({ state: 'ok', reason: null })
    expect((await barsOn('2024-06-11')).map(({ symbol }) => symbol)).toEqual([...LISTED, ...COINS].sort())

    const equities = DEFAULT_INSTRUMENTS.filter(({ asset }) => asset === 'equity').length
    const [context] = await made.query<{ fundamentals: number; news: number; linked: number }>(
      `select (select count(*)::int from ingestion.fundamentals where as_of = '2024-06-11') as fundamentals,
              (select count(*)::int from ingestion.news) as news,
              (select count(*)::int from ingestion.news where published_at >= '2024-06-12' or published_at < '2024-06-05') as linked`,
    )
    expect(context).toMatchObject({ fundamentals: equities, linked: 0 })
    expect(context.news).toBeGreaterThan(0)
    expect(await made.said(row.run, 'ingestion.fundamentals.fetched')).toEqual([{ symbols: equities, missing: 0 }])
    expect(await made.said(row.run, 'ingestion.quality.checked')).toMatchObject([
      { verdict: 'PASS', score: 1, leftOutCount: 0 },
    ])
  })

  it('of which one symbol fails is partial, and the others are stored', async () => {
    provider = () => simulatedProvider({ seed: 1, badTicks: false, failing: ['MSFT'] })
    const params = { from: '2024-06-10', to: '2024-06-10' }
    const row = await made.run({ workflow: 'ingestion', key: 'monday', params })
    expect(row).toMatchObject({ state: 'partial', reason: '1 symbols left out: MSFT' })
    expect((await barsOn('2024-06-10')).map(({ symbol }) => symbol)).toEqual(
      [...LISTED, ...COINS].filter((symbol) => symbol !== 'MSFT').sort(),
    )

    provider = (simulated) => simulated
    const second = await made.run({ workflow: 'ingestion', key: 'monday', params, again: true })
    expect(second.state).toBe('ok')
    expect(await made.said(second.run, 'ingestion.bars.stored')).toMatchObject([
      { inserted: 1, replaced: 0, unchanged: LISTED.length + COINS.length - 1 },
    ])
  })

  it('of which the news are away is partial with the provider’s words; prices do not wait', async () => {
    provider = (simulated) => ({
      ...simulated,
      fetchNews: () => Promise.reject(new UnavailableError('the news feed is closed')),
    })
    const row = await made.run({ workflow: 'ingestion', key: 'latest', params: {} })
    expect(row).toMatchObject({ state: 'partial', reason: 'news: the news feed is closed' })
    expect(await made.said(row.run, 'ingestion.quality.checked')).toMatchObject([{ verdict: 'PASS' }])
    provider = (simulated) => simulated
  })
})

describe('the crypto day', () => {
  it('brings the last whole UTC day of the coins alone, on a weekend too', async () => {
    made.time.now = instant(Date.parse('2024-06-09T00:30:00Z'))
    const row = await made.run({ workflow: 'ingestion-crypto', key: 'saturday', params: {} })
    expect(row.state).toBe('ok')
    expect((await barsOn('2024-06-08')).map(({ symbol, asset }) => [symbol, asset])).toEqual(
      COINS.toSorted().map((symbol) => [symbol, 'crypto']),
    )
    const files = await made.query<{ key: string }>(
      `select key from pipeline.objects where session = '2024-06-08' and source = 'simulated'`,
    )
    expect(files.map(({ key }) => key)).toEqual([
      'market_data/source=simulated/asset=crypto/interval=1d/year=2024/month=06/day=08/market_data.parquet',
    ])
    made.time.now = instant(Date.parse(NOW))
  })
})

describe('an intraday poll', () => {
  const poll = (minute: string) =>
    made.run({ workflow: 'ingestion-5m', key: minute, slot: { key: minute, from: minute, to: minute } })
  const intraday = () =>
    made.query<{ asset: string; bars: number; first: Date; last: Date }>(
      `select asset, count(*)::int as bars, min(time) as first, max(time) as last from ingestion.intraday_bars
       where interval = '5m' and time >= '2024-06-11' and time < '2024-06-12' group by asset order by asset`,
    )

  it('stores the last four whole bars of what trades', async () => {
    const row = await poll('2024-06-11T15:00Z')
    expect({ state: row.state, reason: row.reason }).toEqual({ state: 'ok', reason: null })
    const bars = await intraday()
    expect(bars.map(({ asset }) => asset)).toEqual(['crypto', 'equity', 'index', 'rate'])
    for (const { first, last } of bars) {
      expect([first.toISOString(), last.toISOString()]).toEqual([
        '2024-06-11T14:40:00.000Z',
        '2024-06-11T14:55:00.000Z',
      ])
    }
    expect(bars.reduce((sum, { bars: count }) => sum + count, 0)).toBe(4 * DEFAULT_INSTRUMENTS.length)
  })

  it('adds one bar a symbol the next time and finds the others unchanged', async () => {
    const { run, state } = await poll('2024-06-11T15:05Z')
    expect(state).toBe('ok')
    expect(await made.said(run, 'ingestion.bars.stored')).toMatchObject([
      { inserted: DEFAULT_INSTRUMENTS.length, replaced: 0, unchanged: 3 * DEFAULT_INSTRUMENTS.length },
    ])
  })

  it('asks for nothing but coins when the exchange is closed', async () => {
    const { run } = await poll('2024-06-11T23:00Z')
    expect(await made.said(run, 'ingestion.window.opened')).toMatchObject([{ symbols: COINS }])
  })
})

describe('the clocks', () => {
  /** Lets the clocks fire at what the house's clock says, and waits for the runs they open. */
  const fire = async (now: string) => {
    made.time.now = instant(Date.parse(now))
    const stop = startScheduler(made.house.parts)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await stop()
    const running = await made.query<{ run: string }>(`select run from pipeline.runs where state = 'running'`)
    for (const { run } of running) await made.house.waitFor(run)
  }
  const WORKFLOWS = ['ingestion', 'ingestion-crypto', 'ingestion-5m', 'ingestion-1m', 'ingestion-1h', 'retention']
  const opened = async (since: Date) => {
    const rows = await made.query<{ workflow: string; key: string; state: string }>(
      'select workflow, key, state from pipeline.runs where started >= $1',
      since,
    )
    return Object.fromEntries(
      WORKFLOWS.map((workflow) => [
        workflow,
        rows.filter((row) => row.workflow === workflow).map(({ key, state }) => `${key} ${state}`),
      ]),
    )
  }
  const databaseNow = async () => (await made.query<{ now: Date }>('select clock_timestamp() as now'))[0].now

  it('open what fell due: the last session, the last day, the poll of the minute and retention', async () => {
    const since = await databaseNow()
    await fire(NOW)
    expect(await opened(since)).toEqual({
      ingestion: ['2024-06-11 ok'],
      'ingestion-crypto': ['2024-06-11 ok'],
      'ingestion-5m': ['2024-06-12T07:00Z ok'],
      'ingestion-1m': [],
      'ingestion-1h': [],
      retention: ['2024-06-11 ok'],
    })
  })

  it('open nothing a second time', async () => {
    const since = await databaseNow()
    await fire(NOW)
    expect(Object.values(await opened(since)).flat()).toEqual([])
  })

  it('catch up what was missed over a weekend: sessions, days and polls as a range, retention the latest alone', async () => {
    const since = await databaseNow()
    await fire('2024-06-17T15:00:00Z')
    expect(await opened(since)).toEqual({
      ingestion: ['2024-06-12..2024-06-14 ok'],
      'ingestion-crypto': ['2024-06-12..2024-06-16 ok'],
      'ingestion-5m': ['2024-06-12T07:05Z..2024-06-17T15:00Z ok'],
      'ingestion-1m': [],
      'ingestion-1h': [],
      retention: ['2024-06-16 ok'],
    })
    const days = await made.query<{ asset: string; dates: string[] }>(
      `select asset, array_agg(distinct date::text order by date::text) as dates from ingestion.market_data
       where date >= '2024-06-12' group by asset order by asset`,
    )
    const sessions = tradingCalendar('XNYS').sessions(session('2024-06-12'), session('2024-06-14'))
    const coinDays = tradingCalendar('24/7').sessions(session('2024-06-12'), session('2024-06-16'))
    expect(days).toEqual([
      { asset: 'crypto', dates: coinDays },
      { asset: 'equity', dates: sessions },
      { asset: 'index', dates: sessions },
      { asset: 'rate', dates: sessions },
    ])
    const [polled] = await made.query<{ bars: number }>(
      `select count(*)::int as bars from ingestion.intraday_bars where symbol = $1 and time >= to_timestamp($2)`,
      COINS[0],
      sessionToMs(session('2024-06-13')) / 1000,
    )
    expect(polled.bars).toBe(4 * 288 + 15 * 12)
  })
})
