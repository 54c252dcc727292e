import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type YahooProviderOptions, yahooProvider } from '../../../../shared/adapters/yahoo/yahoo-provider.ts'
import { instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { instant, msToSession, session } from '../../../../shared/domain/market/session.ts'
import { UnavailableError } from '../../../../shared/ports/errors.ts'
import { chartBody, fetchedAfter, NOT_FOUND, type Row, single } from './yahoo-bodies.ts'
import { type Answer, fakeTime, memoryRecorder, yahooServer } from './yahoo-server.ts'

let server: Awaited<ReturnType<typeof yahooServer>> | undefined
afterEach(() => server?.close())

/** A provider asking a local server, in time that only passes in sleep. */
async function providerOf(
  answer: (url: URL) => Answer | Promise<Answer>,
  now: string,
  options: Partial<YahooProviderOptions> = {},
) {
  await server?.close()
  server = await yahooServer(answer)
  const time = fakeTime(now)
  const provider = yahooProvider({ fetch: server.fetch, now: time.now, sleep: time.sleep, random: () => 1, ...options })
  return { provider, time, server, recorder: memoryRecorder() }
}

const symbolOf = (url: URL) => decodeURIComponent(url.pathname.split('/').at(-1) ?? '')
const days = (from: string, to: string) => ({ from: session(from), to: session(to) })
const ACME = { instruments: [instrumentOf('ACME')] }

/** Trading days of July 2024 with prices in cents, before a split on the 18th and after. */
const DATES = ['2024-07-12', '2024-07-15', '2024-07-16', '2024-07-17']
const TRADED = DATES.map((date, day) => ({
  date,
  open: 99.37 + 3.11 * day,
  high: 104.005 + 3.2 * day, // trades between two quotes
  low: 97.01 + 2.9 * day,
  close: 101.13 + 3.07 * day,
  volume: 1_000_007 + 13 * day,
}))

/** The history as Yahoo would tell it once prices were divided by a split's ratio. */
function restatedRows(ratio: number): Row[] {
  return TRADED.map(({ date, open, high, low, close, volume }) => ({
    at: `${date}T13:30:00Z`,
    open: single(single(open) / ratio),
    high: single(single(high) / ratio),
    low: single(single(low) / ratio),
    close: single(single(close) / ratio),
    volume: Math.round(volume * ratio),
  }))
}

describe('yahooProvider.fetchEod', () => {
  it.each([
    [4, 1],
    [3, 2],
    [7, 1],
    [20, 1],
  ])('gives the same raw rows and dividends before and after a %d:%d split', async (numerator, denominator) => {
    const ratio = numerator / denominator
    const request = { ...ACME, ...days('2024-07-12', '2024-07-17') }
    const before = await providerOf(
      () => ({
        body: chartBody({
          symbol: 'ACME',
          rows: restatedRows(1),
          dividends: [{ at: '2024-07-15T13:30:00Z', amount: 0.82 }],
          meta: fetchedAfter('2024-07-17'),
        }),
      }),
      '2024-07-17T22:00:00Z',
    )
    const first = await before.provider.fetchEod(request, before.recorder)
    const paid = await before.provider.fetchDividends(request, before.recorder)

    const afterSplit: Row = { at: '2024-07-18T13:30:00Z', open: 27, high: 28, low: 26, close: 27.5, volume: 4e6 }
    const after = await providerOf(
      () => ({
        body: chartBody({
          symbol: 'ACME',
          rows: [...restatedRows(ratio), afterSplit],
          dividends: [{ at: '2024-07-15T13:30:00Z', amount: Number((0.82 / ratio).toFixed(6)) }],
          splits: [{ at: '2024-07-18T13:30:00Z', numerator, denominator }],
          meta: fetchedAfter('2024-07-18'),
        }),
      }),
      '2024-07-18T22:00:00Z',
    )
    const second = await after.provider.fetchEod(request, after.recorder)

    expect(second.series).toEqual(first.series)
    const [series] = second.series
    expect(series.basis).toBe('raw')
    expect([...series.at].map(msToSession)).toEqual(DATES)
    expect([...series.close]).toEqual(TRADED.map(({ close }) => Number(close.toFixed(2))))
    expect([...series.high]).toEqual(TRADED.map(({ high }) => Number(high.toFixed(3))))
    expect([...series.volume]).toEqual(TRADED.map(({ volume }) => volume))
    expect((await after.provider.fetchDividends(request, after.recorder)).actions).toEqual(paid.actions)
    expect(paid.actions).toEqual([
      { symbol: 'ACME', exDate: '2024-07-15', type: 'dividend', value: 0.82, source: 'yahoo' },
    ])
    const splits = await after.provider.fetchSplits({ ...ACME, ...days('2024-07-12', '2024-07-18') }, after.recorder)
    expect(splits.actions).toEqual([
      { symbol: 'ACME', exDate: '2024-07-18', type: 'split', value: ratio, source: 'yahoo' },
    ])
    expect(after.server.asked()).toHaveLength(1) // bars, dividends and splits share one answer
  })

  it('asks for everything up to now, so that no later split is unknown', async () => {
    const body = chartBody({ symbol: 'ACME', rows: restatedRows(1), meta: fetchedAfter('2024-07-17') })
    const { provider, recorder, server } = await providerOf(() => ({ body }), '2024-09-01T00:00:00Z')
    await provider.fetchEod({ ...ACME, ...days('2024-07-15', '2024-07-16') }, recorder)
    const { searchParams } = server.asked()[0]
    expect(Number(searchParams.get('period1'))).toBeLessThanOrEqual(Date.parse('2024-07-15T00:00:00Z') / 1000)
    expect(Number(searchParams.get('period2'))).toBe(Date.parse('2024-09-01T00:00:00Z') / 1000)
    expect(searchParams.get('events')).toContain('split')
    expect(searchParams.get('interval')).toBe('1d')
  })

  it('delivers the sessions asked for only, both ends inclusive', async () => {
    const body = chartBody({ symbol: 'ACME', rows: restatedRows(1), meta: fetchedAfter('2024-07-17') })
    const { provider, recorder } = await providerOf(() => ({ body }), '2024-07-17T22:00:00Z')
    const { series } = await provider.fetchEod({ ...ACME, ...days('2024-07-15', '2024-07-16') }, recorder)
    expect([...series[0].at].map(msToSession)).toEqual(['2024-07-15', '2024-07-16'])
  })

  it('dates bars by the clock of their exchange, on either side of daylight saving', async () => {
    const row = { open: 1, high: 1, low: 1, close: 1, volume: 1 }
    const rows = ['2024-03-08T14:30:00Z', '2024-03-11T13:30:00Z'].map((at) => ({ ...row, at }))
    const body = chartBody({ symbol: 'ACME', rows, meta: fetchedAfter('2024-07-17') })
    const { provider, recorder } = await providerOf(() => ({ body }), '2024-07-17T22:00:00Z')
    const { series } = await provider.fetchEod({ ...ACME, ...days('2024-03-01', '2024-03-31') }, recorder)
    expect([...series[0].at].map(msToSession)).toEqual(['2024-03-08', '2024-03-11'])
  })

  it('keeps the prices and UTC days of a coin as they are, and waits for the day to end', async () => {
    const row = { open: 0.00001234, high: 97_123.4609375, low: 0.5, close: 0.000012345678, volume: 12.5 }
    const rows = ['2024-07-15T00:00:00Z', '2024-07-16T00:00:00Z'].map((at) => ({ ...row, at }))
    const meta = {
      exchangeTimezoneName: 'UTC',
      gmtoffset: 0,
      regularMarketTime: Date.parse('2024-07-16T23:59:00Z') / 1000,
    }
    const body = chartBody({ symbol: 'DUST-USD', rows, meta })
    const { provider, recorder } = await providerOf(() => ({ body }), '2024-07-16T23:59:00Z')
    const request = { instruments: [instrumentOf('DUST-USD')], ...days('2024-07-15', '2024-07-16') }
    const { series } = await provider.fetchEod(request, recorder)
    expect([...series[0].at].map(msToSession)).toEqual(['2024-07-15'])
    expect([series[0].open[0], series[0].close[0], series[0].volume[0]]).toEqual([0.00001234, 0.000012345678, 12.5])
  })

  it('leaves out a session that is still open, and says so', async () => {
    const now = '2024-07-17T17:00:00Z'
    const meta = { ...fetchedAfter('2024-07-17'), regularMarketTime: Date.parse(now) / 1000 }
    const body = chartBody({ symbol: 'ACME', rows: restatedRows(1), meta })
    const notices: string[] = []
    const { provider, recorder } = await providerOf(() => ({ body }), now, { notice: (text) => notices.push(text) })
    const { series } = await provider.fetchEod({ ...ACME, ...days('2024-07-12', '2024-07-17') }, recorder)
    expect([...series[0].at].map(msToSession)).toEqual(DATES.slice(0, 3))
    expect(notices).toEqual(['ACME: left out, 2024-07-17 was still trading when Yahoo was asked'])

    const alone = await provider.fetchEod({ ...ACME, ...days('2024-07-17', '2024-07-17') }, recorder)
    expect(alone.series).toEqual([])
    expect(alone.missing).toEqual([{ symbol: 'ACME', reason: '2024-07-17 was still trading when Yahoo was asked' }])
  })

  it('takes the close of a half day from the trading period, and the last trade of a date with two rows', async () => {
    const rows: Row[] = [
      { at: '2024-07-03T13:30:00Z', open: 1, high: 2, low: 1, close: 1.5, volume: 10 },
      { at: '2024-07-03T17:00:01Z', open: 1, high: 2, low: 1, close: 1.75, volume: 12 },
    ]
    const regular = { start: Date.parse(rows[0].at) / 1000, end: Date.parse('2024-07-03T17:00:00Z') / 1000 }
    const meta = { regularMarketTime: Date.parse(rows[1].at) / 1000, currentTradingPeriod: { regular } }
    const body = chartBody({ symbol: 'ACME', rows, meta })
    const { provider, recorder } = await providerOf(() => ({ body }), '2024-07-03T18:00:00Z')
    const { series } = await provider.fetchEod({ ...ACME, ...days('2024-07-03', '2024-07-03') }, recorder)
    expect([...series[0].close]).toEqual([1.75])
  })

  it('delivers a missing number as NaN', async () => {
    const rows = restatedRows(1).map((row, day) => (day === 1 ? { ...row, open: null, volume: null } : row))
    const body = chartBody({ symbol: 'ACME', rows, meta: fetchedAfter('2024-07-17') })
    const { provider, recorder } = await providerOf(() => ({ body }), '2024-07-17T22:00:00Z')
    const { series } = await provider.fetchEod({ ...ACME, ...days('2024-07-15', '2024-07-15') }, recorder)
    expect([series[0].open[0], series[0].volume[0]]).toEqual([Number.NaN, Number.NaN])
    expect(series[0].close[0]).toBe(104.2)
  })

  it('reports the symbols that fail beside those that come, in the words of Yahoo', async () => {
    const good = (symbol: string) => chartBody({ symbol, rows: restatedRows(1), meta: fetchedAfter('2024-07-17') })
    const answers: Record<string, Answer> = {
      ACME: { body: good('ACME') },
      GONE: { status: 404, body: NOT_FOUND },
      HTML: { body: '<html>consent</html>' },
      EURO: { body: chartBody({ symbol: 'EURO', rows: restatedRows(1), meta: { currency: 'EUR' } }) },
      OTHER: { body: good('ACME') },
      SHORT: { body: good('SHORT').replace(/"close":\[[^\]]*\]/, '"close":[1]') },
      SHAPE: { body: '{"chart":{"result":[{"meta":{}}],"error":null}}' },
      EMPTY: { body: chartBody({ symbol: 'EMPTY', rows: [], meta: fetchedAfter('2024-07-17') }) },
      TEAPOT: { status: 418, body: 'no' },
    }
    const { provider, recorder } = await providerOf((url) => answers[symbolOf(url)], '2024-07-17T22:00:00Z')
    const request = { instruments: Object.keys(answers).map(instrumentOf), ...days('2024-07-12', '2024-07-17') }
    const { series, missing, provenance } = await provider.fetchEod(request, recorder)
    expect(series.map(({ symbol }) => symbol)).toEqual(['ACME'])
    expect(provenance.map(({ symbol }) => symbol)).toEqual(['ACME'])
    expect(Object.fromEntries(missing.map(({ symbol, reason }) => [symbol, reason]))).toEqual({
      GONE: 'Yahoo says: No data found, symbol may be delisted',
      HTML: 'Yahoo answered 200: "<html>consent</html>"',
      EURO: 'It is quoted in EUR, expected USD',
      OTHER: 'Yahoo answered with ACME',
      SHORT: "Yahoo's chart has 4 times but 1 values of close",
      SHAPE: expect.stringContaining("Yahoo's chart is not as expected at chart.result.0.indicators"),
      EMPTY: 'Yahoo has no bars from 2024-07-12 to 2024-07-17',
      TEAPOT: 'Yahoo answered 418: "no"',
    })
    expect([...recorder.kept.keys()]).not.toContain('HTML/chart-1d-from-2024-07-12')
  })

  it('spells share classes as Yahoo does', async () => {
    const body = chartBody({ symbol: 'BRK-B', rows: restatedRows(1), meta: fetchedAfter('2024-07-17') })
    const { provider, recorder, server } = await providerOf(() => ({ body }), '2024-07-17T22:00:00Z')
    const request = { instruments: [instrumentOf('BRK.B')], ...days('2024-07-12', '2024-07-17') }
    const { series } = await provider.fetchEod(request, recorder)
    expect(series[0].symbol).toBe('BRK.B')
    expect(symbolOf(server.asked()[0])).toBe('BRK-B')
  })

  it('reads what was recorded on a second attempt, and sends no request', async () => {
    const answers: Record<string, Answer> = {
      ACME: { body: chartBody({ symbol: 'ACME', rows: restatedRows(1), meta: fetchedAfter('2024-07-17') }) },
      GONE: { status: 404, body: NOT_FOUND },
    }
    const first = await providerOf((url) => answers[symbolOf(url)], '2024-07-17T22:00:00Z')
    const request = { instruments: [instrumentOf('ACME'), instrumentOf('GONE')], ...days('2024-07-12', '2024-07-17') }
    const delivered = await first.provider.fetchEod(request, first.recorder)
    const second = await providerOf(() => ({ status: 500, body: '' }), '2024-07-19T03:00:00Z')
    expect(await second.provider.fetchEod(request, first.recorder)).toEqual(delivered)
    expect(second.server.requests).toEqual([])
  })

  it('does not take a failure of the recorder for one of Yahoo', async () => {
    const { provider } = await providerOf(() => ({ body: '' }), '2024-07-17T22:00:00Z')
    const recorder = { payload: () => Promise.reject(new UnavailableError('the object store is away')) }
    const request = { ...ACME, ...days('2024-07-12', '2024-07-17') }
    await expect(provider.fetchEod(request, recorder)).rejects.toThrow('the object store is away')
  })
})

describe('yahooProvider under failures', () => {
  const good = chartBody({ symbol: 'ACME', rows: restatedRows(1), meta: fetchedAfter('2024-07-17') })
  const request = { ...ACME, ...days('2024-07-12', '2024-07-17') }

  it('waits as long as Retry-After says and then succeeds', async () => {
    let asked = 0
    const { provider, recorder, time } = await providerOf(
      () =>
        asked++ === 0 ? { status: 429, headers: { 'retry-after': '7' }, body: 'Too Many Requests' } : { body: good },
      '2024-07-17T22:00:00Z',
    )
    expect((await provider.fetchEod(request, recorder)).series).toHaveLength(1)
    expect(Math.max(...time.slept)).toBe(7000)
    expect(asked).toBe(2)
  })

  it('gives up after three more attempts, 2, 4 and 8 s apart at most', async () => {
    const { provider, recorder, time, server } = await providerOf(
      () => ({ status: 503, body: 'away' }),
      '2024-07-17T22:00:00Z',
    )
    const failing = provider.fetchEod(request, recorder)
    await expect(failing).rejects.toThrow(UnavailableError)
    await expect(failing).rejects.toThrow('query2.finance.yahoo.com failed 4 times: it answered 503')
    expect(server.asked()).toHaveLength(4)
    expect(time.slept).toEqual([2000, 4000, 8000])
    expect(recorder.kept.size).toBe(0)
  })

  it.each([400, 403, 404, 422])('does not ask again after %d', async (status) => {
    const { provider, recorder, server } = await providerOf(() => ({ status, body: 'no' }), '2024-07-17T22:00:00Z')
    const { missing } = await provider.fetchEod(request, recorder)
    expect(missing).toEqual([{ symbol: 'ACME', reason: `Yahoo answered ${status}: "no"` }])
    expect(server.asked()).toHaveLength(1)
  })

  it('reports a symbol that keeps failing beside one that comes', async () => {
    const { provider, recorder } = await providerOf(
      (url) => (symbolOf(url) === 'ACME' ? { body: good } : { status: 500, body: '' }),
      '2024-07-17T22:00:00Z',
    )
    const instruments = [instrumentOf('SICK'), instrumentOf('ACME')]
    const { series, missing } = await provider.fetchEod({ ...request, instruments }, recorder)
    expect(series.map(({ symbol }) => symbol)).toEqual(['ACME'])
    expect(missing[0].reason).toContain('failed 4 times: it answered 500')
  })

  it('is unavailable when nothing can be reached, without trying every symbol', async () => {
    let attempts = 0
    const offline: typeof fetch = () => {
      attempts++
      return Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }))
    }
    const time = fakeTime('2024-07-17T22:00:00Z')
    const provider = yahooProvider({ fetch: offline, now: time.now, sleep: time.sleep, random: () => 0 })
    const instruments = Array.from({ length: 500 }, (_, n) => instrumentOf(`S${n}`))
    const failing = provider.fetchEod({ ...request, instruments }, memoryRecorder())
    await expect(failing).rejects.toThrow(UnavailableError)
    await expect(failing).rejects.toThrow('getaddrinfo ENOTFOUND')
    expect(attempts).toBeLessThan(60)
  })

  it('sends no more than two requests a second', async () => {
    const { provider, recorder, time } = await providerOf(
      (url) => ({ body: good.replaceAll('ACME', symbolOf(url)) }),
      '2024-07-17T22:00:00Z',
    )
    const start = time.now()
    const instruments = Array.from({ length: 7 }, (_, n) => instrumentOf(`S${n}`))
    expect((await provider.fetchEod({ ...request, instruments }, recorder)).series).toHaveLength(7)
    expect(time.now() - start).toBeGreaterThanOrEqual(3000)
  })
})

describe('yahooProvider.fetchIntraday', () => {
  const minute = (at: string, close: number | null): Row => ({
    at,
    open: close,
    high: close,
    low: close,
    close,
    volume: 5,
  })
  const between = (from: string, to: string) => ({ from: instant(Date.parse(from)), to: instant(Date.parse(to)) })

  it('leaves out empty rows, the row of the last trade and the running bar, and keeps gaps as NaN', async () => {
    const rows: Row[] = [
      minute('2024-07-17T13:30:00Z', 100),
      minute('2024-07-17T13:31:00Z', null),
      { ...minute('2024-07-17T13:32:00Z', 101), open: null },
      minute('2024-07-17T13:33:00Z', 102),
      minute('2024-07-17T13:33:27Z', 102),
    ]
    const meta = { ...fetchedAfter('2024-07-17'), regularMarketTime: Date.parse('2024-07-17T13:33:27Z') / 1000 }
    const { provider, recorder } = await providerOf(
      () => ({ body: chartBody({ symbol: 'ACME', rows, meta }) }),
      '2024-07-17T13:33:30Z',
    )
    const { series } = await provider.fetchIntraday(
      { ...ACME, interval: '1m', ...between('2024-07-17T13:30:00Z', '2024-07-17T13:33:30Z') },
      recorder,
    )
    expect([...series[0].at].map((at) => new Date(at).toISOString().slice(11, 16))).toEqual(['13:30', '13:32'])
    expect([...series[0].open]).toEqual([100, Number.NaN])
  })

  it('cuts a range into requests of seven days and undoes splits after it', async () => {
    const asked: string[] = []
    const { provider, recorder } = await providerOf((url) => {
      const at = (name: string) => Number(url.searchParams.get(name)) * 1000
      const interval = url.searchParams.get('interval')
      asked.push(`${interval} ${(at('period2') - at('period1')) / 86_400_000}`)
      const splits = interval === '1d' ? [{ at: '2024-07-17T13:30:00Z', numerator: 4, denominator: 1 }] : []
      const rows = interval === '1d' ? [] : [minute(new Date(at('period1')).toISOString(), 25)]
      return { body: chartBody({ symbol: 'ACME', rows, splits, meta: fetchedAfter('2024-07-17') }) }
    }, '2024-07-17T22:00:00Z')
    const range = between('2024-06-28T13:30:00Z', '2024-07-15T13:30:00Z')
    const { series, provenance } = await provider.fetchIntraday({ ...ACME, interval: '1m', ...range }, recorder)
    expect(asked.slice(0, 3)).toEqual(['1m 7', '1m 7', '1m 3'])
    expect(asked[3]).toMatch(/^1d /)
    expect(provenance).toHaveLength(4)
    expect([...series[0].close]).toEqual([100, 100, 100])
    expect(series[0].basis).toBe('raw')
  })

  it('says that older bars are not kept, without asking', async () => {
    const { provider, recorder, server } = await providerOf(() => ({ body: '' }), '2024-07-17T22:00:00Z')
    const range = between('2024-05-01T13:30:00Z', '2024-07-15T13:30:00Z')
    const { missing } = await provider.fetchIntraday({ ...ACME, interval: '5m', ...range }, recorder)
    expect(missing[0].reason).toBe(
      'Yahoo keeps 5m bars for 60 days, from 2024-05-18T22:00:00.000Z, and was asked from 2024-05-01',
    )
    expect(server.requests).toEqual([])
  })
})

describe('yahooProvider.fetchFundamentals', () => {
  const summary = {
    quoteSummary: {
      result: [
        {
          price: { currency: 'USD', marketCap: { raw: 3e12, fmt: '3T' } },
          summaryDetail: { trailingPE: 31.5, forwardPE: 'Infinity', dividendYield: 0.0044 },
          defaultKeyStatistics: { forwardPE: 28, priceToBook: {}, sharesOutstanding: 7.4e9 },
          financialData: {
            returnOnEquity: 0.33280998,
            debtToEquity: { raw: 32.661, fmt: '32.66%' },
            currentRatio: 1.353,
            profitMargins: 0.36146,
            revenueGrowth: 0.181,
          },
        },
      ],
      error: null,
    },
  }
  const request = { ...ACME, asOf: session('2024-07-16') }

  it('translates the units: debt to equity from percent, the rest as fractions', async () => {
    const { provider, recorder, server } = await providerOf(
      () => ({ body: JSON.stringify(summary) }),
      '2024-07-17T06:00:00Z',
    )
    const { fundamentals } = await provider.fetchFundamentals(request, recorder)
    expect(fundamentals).toEqual([
      {
        symbol: 'ACME',
        asOf: '2024-07-16',
        trailingPe: 31.5,
        forwardPe: 28,
        dividendYield: 0.0044,
        returnOnEquity: 0.33280998,
        debtToEquity: 0.32661,
        currentRatio: 1.353,
        profitMargin: 0.36146,
        revenueGrowth: 0.181,
        marketCap: 3e12,
        sharesOutstanding: 7.4e9,
        currency: 'USD',
      },
    ])
    expect(server.asked()[0].searchParams.get('crumb')).toBe('crumb')
    expect([...recorder.kept.keys()]).toEqual(['ACME/quote-summary-2024-07-16'])
  })

  it('fetches a new crumb once when the old one is refused', async () => {
    const refusal = { finance: { result: null, error: { code: 'Unauthorized', description: 'Invalid Crumb' } } }
    let asked = 0
    const { provider, recorder, server } = await providerOf(
      () => (asked++ === 0 ? { status: 401, body: JSON.stringify(refusal) } : { body: JSON.stringify(summary) }),
      '2024-07-17T06:00:00Z',
    )
    expect((await provider.fetchFundamentals(request, recorder)).fundamentals).toHaveLength(1)
    expect(server.requests.filter(({ pathname }) => pathname === '/v1/test/getcrumb')).not.toHaveLength(0)

    const always = await providerOf(() => ({ status: 401, body: JSON.stringify(refusal) }), '2024-07-17T06:00:00Z')
    const { missing } = await always.provider.fetchFundamentals(request, always.recorder)
    expect(missing).toEqual([{ symbol: 'ACME', reason: 'Yahoo answered 401: Invalid Crumb' }])
    expect(always.server.asked()).toHaveLength(2)
  })

  it('does not pass off the ratios of today as those of the past, nor ask about what is no company', async () => {
    const { provider, recorder, server } = await providerOf(() => ({ body: '' }), '2024-07-17T06:00:00Z')
    const past = await provider.fetchFundamentals({ ...request, asOf: session('2024-06-28') }, recorder)
    expect(past.missing[0].reason).toBe('Yahoo knows the ratios of today only, not of 2024-06-28')
    const index = await provider.fetchFundamentals({ ...request, instruments: [instrumentOf('^GSPC')] }, recorder)
    expect(index.missing[0].reason).toBe('It is an index, not a company')
    expect(server.requests).toEqual([])
  })
})

describe('yahooProvider.fetchNews', () => {
  it('gives each story once, about the companies it names, published in the time asked for', async () => {
    const at = Date.parse('2024-07-17T12:00:00Z') / 1000
    const story = (uuid: string, more: object = {}) => ({
      uuid,
      title: `Story ${uuid}`,
      publisher: 'The Wire',
      link: `https://news.example/${uuid}`,
      providerPublishTime: at,
      relatedTickers: ['ACME', 'BOLT'],
      ...more,
    })
    const news = [
      story('a'),
      story('b', { providerPublishTime: at - 86_400, relatedTickers: ['ACME'] }),
      story('c', { relatedTickers: ['OTHER'] }),
      story('d', { link: 'javascript:alert(1)' }),
      story('e', { relatedTickers: undefined, providerPublishTime: at + 1 }),
      { uuid: 'f' },
    ]
    const { provider, recorder, server } = await providerOf(
      (url) => ({ body: JSON.stringify({ count: 6, news: url.searchParams.get('q') === 'ACME' ? news : [news[0]] }) }),
      '2024-07-17T22:00:00Z',
    )
    const range = { from: instant(Date.parse('2024-07-17T00:00:00Z')), to: instant(Date.parse('2024-07-18T00:00:00Z')) }
    const instruments = [instrumentOf('ACME'), instrumentOf('BOLT')]
    const { articles, missing } = await provider.fetchNews({ instruments, ...range }, recorder)
    expect(articles.map(({ id, symbols }) => [id, symbols])).toEqual([
      ['a', ['ACME', 'BOLT']],
      ['e', ['ACME']],
    ])
    expect(articles[0]).toMatchObject({ title: 'Story a', publisher: 'The Wire', url: 'https://news.example/a' })
    expect(missing).toEqual([])
    expect(server.asked()).toHaveLength(2)
  })
})

const RECORDED = new URL('../../../../../shared/market-data/yahoo-json/', import.meta.url)
const recorded = (name: string) => readFile(new URL(name, RECORDED), 'utf8').catch(() => undefined)
const aapl = await recorded('history_chart_AAPL.json')

describe.skipIf(aapl === undefined)('yahooProvider on recorded bodies (../shared/market-data/yahoo-json)', () => {
  it('reads the chart of AAPL', async () => {
    const { provider, recorder } = await providerOf(() => ({ body: aapl! }), '2025-10-29T21:00:00Z')
    const request = { instruments: [instrumentOf('AAPL')], ...days('2025-04-30', '2025-10-29') }
    const { series, missing } = await provider.fetchEod(request, recorder)
    expect(missing).toEqual([])
    expect(series[0].at).toHaveLength(127)
    expect(msToSession(series[0].at[0])).toBe('2025-04-30')
    expect(msToSession(series[0].at[126])).toBe('2025-10-29')
    expect([...series[0].close.slice(0, 4)]).toEqual([212.5, 213.32, 205.35, 198.89])
    expect((await provider.fetchDividends(request, recorder)).actions).toEqual([
      { symbol: 'AAPL', exDate: '2025-05-12', type: 'dividend', value: 0.26, source: 'yahoo' },
      { symbol: 'AAPL', exDate: '2025-08-11', type: 'dividend', value: 0.26, source: 'yahoo' },
    ])
  })

  it('refuses a company quoted in euros', async () => {
    const body = (await recorded('history_chart_GS2C.DE.json'))!
    const { provider, recorder } = await providerOf(() => ({ body }), '2025-10-29T21:00:00Z')
    const request = { instruments: [instrumentOf('GS2C.DE')], ...days('2025-10-01', '2025-10-29') }
    expect((await provider.fetchEod(request, recorder)).missing[0].reason).toBe('It is quoted in EUR, expected USD')
  })

  it('reads the ratios of MSFT', async () => {
    const body = (await recorded('analysis_api_financialData_MSFT.json'))!
    const { provider, recorder } = await providerOf(() => ({ body }), '2025-10-29T21:00:00Z')
    const request = { instruments: [instrumentOf('MSFT')], asOf: session('2025-10-29') }
    const { fundamentals } = await provider.fetchFundamentals(request, recorder)
    expect(fundamentals).toEqual([
      {
        symbol: 'MSFT',
        asOf: '2025-10-29',
        returnOnEquity: 0.33280998,
        debtToEquity: 0.32661,
        currentRatio: 1.353,
        profitMargin: 0.36146,
        revenueGrowth: 0.181,
      },
    ])
  })
})
