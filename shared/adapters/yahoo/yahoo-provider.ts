import type { BarSeries } from '../../domain/market/bar.ts'
import { concatBars } from '../../domain/market/bar.ts'
import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import type { Instrument } from '../../domain/market/instrument.ts'
import { DAY_MS, msToSession, type Session, sessionToMs } from '../../domain/market/session.ts'
import type {
  DataProvider,
  EodRequest,
  FetchedActions,
  IntradayRequest,
  PayloadRecorder,
  Provenance,
} from '../../ports/data-provider.ts'
import { type PoliteFetchOptions, politeFetch } from '../http/polite-fetch.ts'
import { dividendsOf, splitsOf } from './chart-actions.ts'
import { dailyBars, intradayBars } from './chart-bars.ts'
import { readChart, type YahooChart } from './chart-reply.ts'
import { everyInstrument } from './every-instrument.ts'
import { intradayChunks } from './intraday-chunks.ts'
import { mergeNews, readNews } from './news-reply.ts'
import { readSummary, SUMMARY_MODULES } from './summary-reply.ts'
import { type ChartQuery, RefusedByYahoo, spelled, yahooClient } from './yahoo-client.ts'

export interface YahooProviderOptions extends PoliteFetchOptions {
  /** Instruments quoted in another currency are refused. Default USD. */
  readonly currency?: string
  /** Hears what was left out beside what was delivered, such as a session that is still open. */
  readonly notice?: (text: string) => void
}

const SOURCE = 'yahoo'
const NEWS_COUNT = 20
/** Yahoo only knows the ratios of now. So many days they may stand for a session: a long weekend and a late run. */
const FRESH_DAYS = 7

/**
 * Market data from Yahoo. Its prices and dividends are restated for splits as of the fetch; they are delivered raw, so that a history
 * fetched before and after a split is the same, free of the noise of Yahoo's single precision. Each symbol's history is asked for from the
 * first session wanted to today, because every later split must be known; bars, splits and dividends of one recorded run share that answer.
 */
export function yahooProvider(options: YahooProviderOptions = {}): DataProvider {
  const { now = Date.now, currency = 'USD', notice } = options
  const client = yahooClient(politeFetch(options))

  const chart = async (
    { symbol }: Instrument,
    request: string,
    query: ChartQuery,
    recorder: PayloadRecorder,
  ): Promise<{ chart: YahooChart; provenance: Provenance }> => {
    if (query.fromMs >= query.toMs) throw new RefusedByYahoo(`${msToSession(query.fromMs)} has not come yet`)
    const { json, provenance } = await client.chart({ symbol, request, recorder }, query)
    const found = readChart(json)
    if (found.symbol !== undefined && found.symbol.toUpperCase() !== spelled(symbol).toUpperCase()) {
      throw new RefusedByYahoo(`Yahoo answered with ${found.symbol}`)
    }
    if (found.currency !== undefined && found.currency !== currency) {
      throw new RefusedByYahoo(`It is quoted in ${found.currency}, expected ${currency}`)
    }
    return { chart: found, provenance }
  }

  /** From the day before, because the exchange's day may begin earlier than UTC's. */
  const history = (instrument: Instrument, from: Session, recorder: PayloadRecorder) => {
    const query = { interval: '1d', fromMs: sessionToMs(from) - DAY_MS, toMs: now() } as const
    if (sessionToMs(from) > now() + DAY_MS) throw new RefusedByYahoo(`${from} has not come yet`)
    return chart(instrument, `chart-1d-from-${from}`, query, recorder)
  }

  const fetchActions = async (
    { instruments, from, to }: EodRequest,
    recorder: PayloadRecorder,
    actionsOf: (chart: YahooChart, symbol: string, source: string) => CorporateAction[],
  ): Promise<FetchedActions> => {
    const { results, missing } = await everyInstrument(instruments, async (instrument) => {
      const { chart: found, provenance } = await history(instrument, from, recorder)
      const actions = actionsOf(found, instrument.symbol, SOURCE)
      return { actions: actions.filter(({ exDate }) => from <= exDate && exDate <= to), provenance }
    })
    return {
      actions: results.flatMap(({ actions }) => actions),
      missing,
      provenance: results.map(({ provenance }) => provenance),
    }
  }

  const intradayOf = async (
    instrument: Instrument,
    { interval, from, to }: IntradayRequest,
    recorder: PayloadRecorder,
  ): Promise<{ series: BarSeries; provenance: Provenance[] }> => {
    const { chunks, reachesNow } = intradayChunks(interval, from, to, now())
    const parts: { chart: YahooChart; provenance: Provenance }[] = []
    for (const [position, { fromMs, toMs }] of chunks.entries()) {
      // Named for what was asked, not for when: a second attempt finds it.
      const request = `chart-${interval}-${from}-${to}-${position + 1}`
      parts.push(await chart(instrument, request, { interval, fromMs, toMs }, recorder))
    }
    const later = reachesNow ? [] : [await history(instrument, msToSession(to), recorder)]
    const splits = splitsOf(
      [...parts, ...later].map((part) => part.chart),
      instrument.symbol,
      SOURCE,
    )
    const bars = parts.map((part, position) => {
      const { fromMs, toMs } = chunks[position]
      return intradayBars(part.chart, instrument, interval, splits, Math.max(fromMs, from), Math.min(toMs, to))
    })
    const series = concatBars(bars)
    if (series.at.length === 0) throw new RefusedByYahoo(`Yahoo has no ${interval} bars in the time asked for`)
    return { series, provenance: [...parts, ...later].map(({ provenance }) => provenance) }
  }

  return {
    name: SOURCE,
    simulated: false,

    async fetchEod({ instruments, from, to }, recorder) {
      const { results, missing } = await everyInstrument(instruments, async (instrument) => {
        const { chart: found, provenance } = await history(instrument, from, recorder)
        const splits = splitsOf([found], instrument.symbol, SOURCE)
        const { series, openSession } = dailyBars(found, instrument, splits, from, to)
        const open = openSession && `${openSession} was still trading when Yahoo was asked`
        if (series.at.length === 0) throw new RefusedByYahoo(open ?? `Yahoo has no bars from ${from} to ${to}`)
        if (open) notice?.(`${instrument.symbol}: left out, ${open}`)
        return { series, provenance }
      })
      return {
        series: results.map(({ series }) => series),
        missing,
        provenance: results.map(({ provenance }) => provenance),
      }
    },

    async fetchIntraday(request, recorder) {
      const { results, missing } = await everyInstrument(request.instruments, (instrument) =>
        intradayOf(instrument, request, recorder),
      )
      return {
        series: results.map(({ series }) => series),
        missing,
        provenance: results.flatMap(({ provenance }) => provenance),
      }
    },

    fetchSplits: (request, recorder) =>
      fetchActions(request, recorder, (found, symbol, source) => splitsOf([found], symbol, source)),
    fetchDividends: (request, recorder) => fetchActions(request, recorder, dividendsOf),

    async fetchFundamentals({ instruments, asOf }, recorder) {
      const { results, missing } = await everyInstrument(instruments, async ({ symbol, asset }) => {
        if (asset !== 'equity')
          throw new RefusedByYahoo(`It is ${asset === 'index' ? 'an' : 'a'} ${asset}, not a company`)
        if (sessionToMs(asOf) < now() - (FRESH_DAYS + 1) * DAY_MS) {
          throw new RefusedByYahoo(`Yahoo knows the ratios of today only, not of ${asOf}`)
        }
        const question = { symbol, request: `quote-summary-${asOf}`, recorder }
        const { json, provenance } = await client.quoteSummary(question, SUMMARY_MODULES)
        return { fundamentals: readSummary(json, symbol, asOf), provenance }
      })
      return {
        fundamentals: results.map(({ fundamentals }) => fundamentals),
        missing,
        provenance: results.map(({ provenance }) => provenance),
      }
    },

    async fetchNews({ instruments, from, to }, recorder) {
      const { results, missing } = await everyInstrument(instruments, async ({ symbol }) => {
        const { json, provenance } = await client.news({ symbol, request: `news-${from}-${to}`, recorder }, NEWS_COUNT)
        return { articles: readNews(json, symbol, from, to), provenance }
      })
      return {
        articles: mergeNews(results.map(({ articles }) => articles)),
        missing,
        provenance: results.map(({ provenance }) => provenance),
      }
    },
  }
}
