import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { simulatedProvider } from '../../../../shared/adapters/simulated/provider.ts'
import type { BarSeries } from '../../../../shared/domain/market/bar.ts'
import { instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { addDays, DAY_MS, type Instant, type Session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { badTicksOf } from '../../../../shared/domain/simulation/bad-ticks.ts'
import { MODEL_VERSION, simulatedMarket } from '../../../../shared/domain/simulation/market.ts'
import { DEFAULT_INSTRUMENTS } from '../../../../shared/domain/universe/default-instruments.ts'
import type { PayloadRecorder } from '../../../../shared/ports/data-provider.ts'
import { PermanentError } from '../../../../shared/ports/errors.ts'

/** Keeps replies by symbol and request, as the real one does. */
function memoryRecorder(): PayloadRecorder & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>()
  return {
    kept,
    async payload(symbol, request, fetch) {
      const key = `${symbol}/${request}`
      if (!kept.has(key)) kept.set(key, await fetch())
      return kept.get(key)!
    },
  }
}

const date = (text: string) => text as Session
const instruments = (...symbols: string[]) => symbols.map(instrumentOf)
const FROM = date('2023-01-03')
const TO = date('2024-12-31')
const symbolsOf = (series: readonly BarSeries[]) => series.map(({ symbol }) => symbol)

let recorder = memoryRecorder()
beforeEach(() => {
  recorder = memoryRecorder()
})

describe('simulatedProvider', () => {
  it('says what it is', () => {
    expect(simulatedProvider()).toMatchObject({ name: 'simulated', simulated: true })
    expect(() => simulatedProvider({ seed: 0.5 })).toThrow('Seed 0.5 of the simulated market is not an integer')
  })

  it('gives the same numbers for the same seed and others for another', async () => {
    const request = { instruments: DEFAULT_INSTRUMENTS, from: FROM, to: TO }
    const first = await simulatedProvider({ seed: 8 }).fetchEod(request, recorder)
    const again = await simulatedProvider({ seed: 8 }).fetchEod(request, memoryRecorder())
    const other = await simulatedProvider({ seed: 9 }).fetchEod(request, memoryRecorder())
    expect(again).toEqual(first)
    expect(first.missing).toEqual([])
    expect(symbolsOf(first.series)).toEqual(DEFAULT_INSTRUMENTS.map(({ symbol }) => symbol))
    first.series.forEach((series, i) => {
      expect(series.close).not.toEqual(other.series[i].close)
      expect(first.provenance[i].sha256).not.toBe(other.provenance[i].sha256)
    })
  })

  it('gives the very same bars for any part of the range and any choice of symbols', async () => {
    const provider = simulatedProvider({ seed: 8 })
    const request = { instruments: DEFAULT_INSTRUMENTS, from: FROM, to: TO }
    const whole = new Map((await provider.fetchEod(request, recorder)).series.map((series) => [series.symbol, series]))
    const day = fc.integer({ min: 0, max: 728 }).map((days) => addDays(FROM, days))
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...DEFAULT_INSTRUMENTS]), day, day, async (chosen, one, other) => {
        const [from, to] = one < other ? [one, other] : [other, one]
        const part = await provider.fetchEod({ instruments: chosen, from, to }, memoryRecorder())
        expect(part.series.length + part.missing.length).toBe(chosen.length)
        for (const series of part.series) expect(series).toEqual(rowsBetween(whole.get(series.symbol)!, from, to))
      }),
      { numRuns: 40 },
    )
  })

  it('spoils bars of companies and coins by default, and none when told not to', async () => {
    const request = { instruments: DEFAULT_INSTRUMENTS, from: date('2015-01-02'), to: TO }
    const sloppy = await simulatedProvider({ seed: 8 }).fetchEod(request, recorder)
    const clean = await simulatedProvider({ seed: 8, badTicks: false }).fetchEod(request, memoryRecorder())
    let spoilt = 0
    clean.series.forEach((series, i) => {
      const { asset } = DEFAULT_INSTRUMENTS[i]
      const planned = asset === 'equity' || asset === 'crypto' ? badTicksOf(8, series.symbol, '1d', series.at) : []
      spoilt += planned.length
      if (planned.length === 0) expect(sloppy.series[i]).toEqual(series)
      else expect(sloppy.series[i]).not.toEqual(series)
    })
    expect(spoilt).toBeGreaterThan(10)
    expect(spoilt).toBeLessThan(200)
  })

  it('gives intraday bars that add up to the daily ones', async () => {
    const provider = simulatedProvider({ badTicks: false })
    const asked = instruments('AAPL', '^GSPC', 'ETH-USD')
    const [from, to] = [date('2024-03-04'), date('2024-03-08')]
    const daily = await provider.fetchEod({ instruments: asked, from, to }, recorder)
    const times = { from: sessionToMs(from), to: (sessionToMs(to) + DAY_MS) as Instant }
    const hourly = await provider.fetchIntraday({ instruments: asked, interval: '1h', ...times }, recorder)
    const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)
    expect(symbolsOf(hourly.series)).toEqual(symbolsOf(daily.series))
    hourly.series.forEach((hours, i) => {
      const days = daily.series[i]
      expect(total(hours.volume)).toBe(total(days.volume))
      expect(Math.max(...hours.high)).toBe(Math.max(...days.high))
      expect(hours.close.at(-1)).toBe(days.close.at(-1))
    })
  })

  it('gives splits and dividends of the range, of the source simulated', async () => {
    const request = { instruments: DEFAULT_INSTRUMENTS, from: FROM, to: TO }
    const provider = simulatedProvider({ seed: 7 })
    const splits = await provider.fetchSplits(request, recorder)
    const dividends = await provider.fetchDividends(request, recorder)
    const expected = DEFAULT_INSTRUMENTS.flatMap(({ symbol }) => simulatedMarket(7).equity(symbol)?.actions ?? [])
    const within = expected.filter(({ exDate }) => exDate >= FROM && exDate <= TO)
    expect(splits.actions).toEqual(within.filter(({ type }) => type === 'split'))
    expect(dividends.actions).toEqual(within.filter(({ type }) => type === 'dividend'))
    expect(splits.actions.length).toBeGreaterThan(0)
    expect(new Set(within.map(({ source }) => source))).toEqual(new Set(['simulated']))
    expect(splits.missing).toEqual([])
  })

  it('gives fundamentals of companies and says why others have none', async () => {
    const asked = { instruments: instruments('AAPL', '^GSPC', 'BTC-USD'), asOf: TO }
    const { fundamentals, missing } = await simulatedProvider().fetchFundamentals(asked, recorder)
    expect(fundamentals).toMatchObject([{ symbol: 'AAPL', asOf: TO, currency: 'USD' }])
    expect(missing).toEqual([
      { symbol: '^GSPC', reason: '^GSPC is of asset class index, which has no fundamentals' },
      { symbol: 'BTC-USD', reason: 'BTC-USD is of asset class crypto, which has no fundamentals' },
    ])
  })

  it('gives articles without telling what they were meant to say', async () => {
    const times = { from: sessionToMs(FROM), to: sessionToMs(TO) }
    const news = await simulatedProvider().fetchNews({ instruments: instruments('JPM', '^GSPC'), ...times }, recorder)
    expect(news.articles.length).toBeGreaterThan(50)
    expect(Object.keys(news.articles[0]).sort()).toEqual(['id', 'publishedAt', 'publisher', 'symbols', 'title', 'url'])
    expect(news.articles[0]).toMatchObject({ symbols: ['JPM'], publisher: 'Simulated Wire' })
    expect(news.missing).toEqual([])
  })

  it('reports what fails, is unknown or lies outside beside what came', async () => {
    const provider = simulatedProvider({ failing: ['MSFT'] })
    const asked = { instruments: instruments('AAPL', 'MSFT', 'NOPE'), from: FROM, to: TO }
    const { series, missing, provenance } = await provider.fetchEod(asked, recorder)
    expect(symbolsOf(series)).toEqual(['AAPL'])
    expect(provenance.map(({ symbol }) => symbol)).toEqual(['AAPL'])
    expect(missing).toEqual([
      { symbol: 'MSFT', reason: 'The simulated market was told to fail for MSFT' },
      { symbol: 'NOPE', reason: 'The simulated market does not list NOPE' },
    ])
    const early = await provider.fetchEod({ ...asked, from: date('2010-01-04'), to: date('2010-12-31') }, recorder)
    expect(early.missing).toContainEqual({
      symbol: 'AAPL',
      reason: 'The simulated market has nothing for the time asked for; it has 2015-01-02 to 2028-12-31',
    })
    for (const name of ['fetchSplits', 'fetchDividends'] as const) {
      expect((await provider[name](asked, recorder)).missing).toHaveLength(2)
    }
  })

  it('has nothing after the end it was given, and the same before', async () => {
    const end = date('2024-06-28')
    const provider = simulatedProvider({ calendarEnd: end })
    const asked = { instruments: instruments('AAPL', 'BTC-USD'), from: FROM, to: TO }
    const found = await provider.fetchEod(asked, recorder)
    const expected = await simulatedProvider().fetchEod({ ...asked, to: end }, memoryRecorder())
    expect(found.series).toEqual(expected.series)
    const dividends = await provider.fetchDividends(asked, recorder)
    expect(dividends.actions.every(({ exDate }) => exDate <= end)).toBe(true)
    const later = { instruments: asked.instruments, from: sessionToMs(date('2024-07-01')), to: sessionToMs(TO) }
    expect((await provider.fetchIntraday({ ...later, interval: '1h' }, recorder)).series).toEqual([])
    expect((await provider.fetchNews(later, recorder)).articles).toEqual([])
  })

  it('sees the market it first saw when a step is attempted again', async () => {
    const asked = { instruments: instruments('AAPL'), from: FROM, to: TO }
    const first = await simulatedProvider({ seed: 1 }).fetchEod(asked, recorder)
    const second = await simulatedProvider({ seed: 2, badTicks: false }).fetchEod(asked, recorder)
    expect(second).toEqual(first)
    expect(recorder.kept.size).toBe(1)
  })

  it('names its recipe: another request is another hash', async () => {
    const provider = simulatedProvider()
    const asked = { instruments: instruments('AAPL'), from: FROM, to: TO }
    const one = await provider.fetchEod(asked, recorder)
    const other = await provider.fetchEod({ ...asked, to: date('2024-12-30') }, recorder)
    expect(one.provenance[0].sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(other.provenance[0].sha256).not.toBe(one.provenance[0].sha256)
    expect(one.provenance[0].request).toBe('eod-2023-01-03-2024-12-31')
  })

  it('refuses a recorded payload of another model or that is no recipe', async () => {
    const asked = { instruments: instruments('AAPL'), from: FROM, to: TO }
    await simulatedProvider().fetchEod(asked, recorder)
    const [[key, bytes]] = recorder.kept
    const recipe = JSON.parse(Buffer.from(bytes).toString())
    const attempt = async (payload: string) => {
      recorder.kept.set(key, Buffer.from(payload))
      return simulatedProvider().fetchEod(asked, recorder)
    }
    await expect(attempt(JSON.stringify({ ...recipe, model: MODEL_VERSION + 1 }))).rejects.toThrow(PermanentError)
    await expect(attempt('{"chart":{}}')).rejects.toThrow(/no simulation's recipe: "provider"/)
    await expect(attempt('<html>')).rejects.toThrow('is not JSON')
  })
})

/** The rows of the sessions from one to another, both inclusive. */
function rowsBetween(series: BarSeries, from: Session, to: Session): BarSeries {
  const rows = Array.from(series.at.keys()).filter(
    (row) => series.at[row] >= sessionToMs(from) && series.at[row] <= sessionToMs(to),
  )
  const cut = (column: Float64Array) => Float64Array.from(rows, (row) => column[row])
  const { symbol, basis, at, open, high, low, close, volume } = series
  return {
    symbol,
    basis,
    at: cut(at),
    open: cut(open),
    high: cut(high),
    low: cut(low),
    close: cut(close),
    volume: cut(volume),
  }
}
