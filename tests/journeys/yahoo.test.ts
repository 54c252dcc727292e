import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { yahooProvider } from '../../shared/adapters/yahoo/yahoo-provider.ts'
import { instant } from '../../shared/domain/market/session.ts'
import { chartBody, fetchedAfter, NOT_FOUND, type Row, single } from '../shared/adapters/yahoo/yahoo-bodies.ts'
import { type Answer, fakeTime, yahooServer } from '../shared/adapters/yahoo/yahoo-server.ts'
import { nyseSessions } from '../shared/domain/ingestion/made-bars.ts'
import { type MadeHouse, madeHouse } from './made-house.ts'

/** A quarter of prices in cents; the shares split four for one on the day after. */
const SESSIONS = nyseSessions('2024-04-01', '2024-07-17')
const SPLIT = { at: '2024-07-18T13:30:00Z', numerator: 4, denominator: 1 }
const cents = (i: number) => Math.round(10_000 + 90 * Math.sin(i)) / 100
const PARAMS = { from: '2024-04-01', to: '2024-07-17', provider: { name: 'yahoo' }, symbols: ['ACME', '^GSPC'] }

/** The quarter as Yahoo tells it in single precision, its prices divided by what has split since. */
function quarter(ratio: number): Row[] {
  return SESSIONS.map((date, i) => ({
    at: `${date}T13:30:00Z`,
    open: single(single(cents(i)) / ratio),
    high: single(single(cents(i) + 1.01) / ratio),
    low: single(single(cents(i) - 1.02) / ratio),
    close: single(single(cents(i) + 0.5) / ratio),
    volume: (1_000_000 + i) * ratio,
  }))
}

const LATER: Row = { at: SPLIT.at, open: 25, high: 25.5, low: 24.5, close: 25.1, volume: 4e6 }
const dividends = (ratio: number) => [{ at: '2024-06-03T13:30:00Z', amount: 0.8 / ratio }]

/** Everything the provider asks of Yahoo, by symbol; what a test does not know is not found. */
let charts: Record<string, string>
const summary = {
  quoteSummary: { result: [{ summaryDetail: { trailingPE: 31.5 }, price: { currency: 'USD' } }], error: null },
}
const story = {
  uuid: 'story-1',
  title: 'ACME splits',
  publisher: 'The Wire',
  link: 'https://news.example/1',
  providerPublishTime: Date.parse('2024-07-16T12:00:00Z') / 1000,
  relatedTickers: ['ACME'],
}

function answer(url: URL): Answer {
  if (url.pathname.includes('/quoteSummary/')) return { body: JSON.stringify(summary) }
  if (url.pathname.includes('/search')) return { body: JSON.stringify({ count: 1, news: [story] }) }
  const body = charts[decodeURIComponent(url.pathname.split('/').at(-1) ?? '')]
  return body === undefined ? { status: 404, body: NOT_FOUND } : { body }
}

let server: Awaited<ReturnType<typeof yahooServer>>
let made: MadeHouse
let time = fakeTime('2024-07-17T22:00:00Z')

beforeAll(async () => {
  server = await yahooServer(answer)
  made = await madeHouse({
    now: '2024-07-17T22:00:00Z',
    openProvider: async () =>
      yahooProvider({ fetch: server.fetch, now: () => time.now(), sleep: (ms) => time.sleep(ms), random: () => 1 }),
  })
})
afterAll(async () => {
  await made?.close()
  await server?.close()
})

const stored = () =>
  made.query(
    `select symbol, date, basis, open, high, low, close, volume from ingestion.market_data where source = 'yahoo' order by 1, 2`,
  )

describe('ingestion from Yahoo', () => {
  it('stores bars, dividends, ratios and headlines of a session that has just closed', async () => {
    const meta = fetchedAfter('2024-07-17')
    charts = {
      ACME: chartBody({ symbol: 'ACME', rows: quarter(1), dividends: dividends(1), meta }),
      '^GSPC': chartBody({ symbol: '^GSPC', rows: quarter(1), meta }),
    }
    const row = await made.run({ workflow: 'ingestion', key: 'quarter', params: PARAMS })
    expect({ state: row.state, reason: row.reason }).toEqual({ state: 'ok', reason: null })

    const rows = await stored()
    expect(rows).toHaveLength(2 * SESSIONS.length)
    expect(rows[0]).toEqual({
      symbol: 'ACME',
      date: '2024-04-01',
      basis: 'raw',
      open: 100,
      high: 101.01,
      low: 98.98,
      close: 100.5,
      volume: 1_000_000,
    })
    const actions = await made.query('select symbol, ex_date, type, value from ingestion.corporate_actions')
    expect(actions).toEqual([{ symbol: 'ACME', ex_date: '2024-06-03', type: 'dividend', value: 0.8 }])
    const ratios = await made.query('select symbol, as_of, trailing_pe, currency from ingestion.fundamentals')
    expect(ratios).toEqual([{ symbol: 'ACME', as_of: '2024-07-17', trailing_pe: 31.5, currency: 'USD' }])
    const news = await made.query(
      'select n.title, s.symbol from ingestion.news n join ingestion.news_symbols s using (source, id)',
    )
    expect(news).toEqual([{ title: 'ACME splits', symbol: 'ACME' }])
  })

  it('asks for each history once: bars, splits and dividends share the reply, which is kept as it came', async () => {
    const asked = server.asked().map(({ pathname }) => decodeURIComponent(pathname))
    expect(asked.filter((path) => path.endsWith('/chart/ACME'))).toHaveLength(1)
    const raw: string[] = []
    for await (const { key } of made.house.parts.ports.objects.list('raw/')) raw.push(key)
    expect(raw.filter((key) => key.includes('chart'))).toHaveLength(2)
    const ledger = await made.query<{ symbol: string }>('select symbol from ingestion.payloads order by symbol')
    expect(ledger).toEqual([{ symbol: 'ACME' }, { symbol: '^GSPC' }])
  })

  it('finds every row unchanged after a split, when Yahoo tells the same quarter divided by four', async () => {
    const before = await stored()
    made.time.now = instant(Date.parse('2024-07-19T12:00:00Z'))
    time = fakeTime('2024-07-19T12:00:00Z')
    const meta = fetchedAfter('2024-07-18')
    charts.ACME = chartBody({
      symbol: 'ACME',
      rows: [...quarter(4), LATER],
      dividends: dividends(4),
      splits: [SPLIT],
      meta,
    })
    const row = await made.run({ workflow: 'ingestion', key: 'quarter', params: PARAMS, again: true })
    expect(row.state).toBe('ok')
    expect(await made.said(row.run, 'ingestion.bars.stored')).toMatchObject([
      { inserted: 0, replaced: 0, unchanged: 2 * SESSIONS.length },
    ])
    expect(await stored()).toEqual(before)
    const paid = await made.query(`select value from ingestion.corporate_actions where type = 'dividend'`)
    expect(paid).toEqual([{ value: 0.8 }])
  })

  it('stores the session of the split, which is no jump, and fails a symbol Yahoo does not know in its words', async () => {
    const params = { ...PARAMS, from: '2024-07-18', to: '2024-07-18', symbols: ['ACME'] }
    const row = await made.run({ workflow: 'ingestion', key: 'split', params })
    expect(row.state).toBe('ok')
    expect(
      await made.query(`select close from ingestion.market_data where symbol = 'ACME' and date = '2024-07-18'`),
    ).toEqual([{ close: 25.1 }])

    const gone = await made.run({ workflow: 'ingestion', key: 'gone', params: { ...params, symbols: ['GONE'] } })
    expect(gone.state).toBe('failed')
    expect(gone.reason).toContain('No data found, symbol may be delisted')
  })
})
