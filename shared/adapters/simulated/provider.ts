import type { BarSeries, Interval } from '../../domain/market/bar.ts'
import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import type { Instrument } from '../../domain/market/instrument.ts'
import { rowAtOrAfter } from '../../domain/market/row-at-or-after.ts'
import { DAY_MS, type Session, sessionToMs } from '../../domain/market/session.ts'
import { hasBadTicks, spoilBars } from '../../domain/simulation/bad-ticks.ts'
import { dailyBars } from '../../domain/simulation/daily-path.ts'
import { intradayBars } from '../../domain/simulation/intraday.ts'
import {
  DEFAULT_SEED,
  FIRST_SESSION,
  isSimulated,
  lastSimulatedDate,
  SIMULATED_SOURCE,
  simulatedMarket,
} from '../../domain/simulation/market.ts'
import { articlesOf, type SimulatedArticle } from '../../domain/simulation/news.ts'
import { ratiosAt } from '../../domain/simulation/ratios.ts'
import type {
  Article,
  DataProvider,
  EodRequest,
  FetchedActions,
  FetchedBars,
  Fundamentals,
  Missing,
  PayloadRecorder,
  Provenance,
} from '../../ports/data-provider.ts'
import { InputError } from '../../ports/errors.ts'
import { type MarketChoice, recordRecipe } from './recipe.ts'

export interface SimulatedOptions {
  /** Another seed is another market. Default `DEFAULT_SEED`. */
  readonly seed?: number
  /** Whether the feed is sloppy: a few spoilt bars in ten thousand of companies and coins. Default true. */
  readonly badTicks?: boolean
  /** Symbols that fail, for trying out what happens then. */
  readonly failing?: readonly string[]
  /** The last date with data; default the last the exchange's calendar knows. */
  readonly calendarEnd?: Session
}

/** What came of one symbol, or the reason why nothing did. */
type Answer<Found> = { readonly found: Found } | { readonly reason: string }

/**
 * A market that needs no network: the instruments of the default universe, their benchmark, rates and coins, from 2015 on, all of it
 * a function of the seed. The same seed answers any request with the same numbers, on every machine.
 * @throws InputError when the seed is not an integer.
 */
export function simulatedProvider(options: SimulatedOptions = {}): DataProvider {
  const { seed = DEFAULT_SEED, badTicks = true, failing = [], calendarEnd = lastSimulatedDate() } = options
  if (!Number.isSafeInteger(seed)) throw new InputError(`Seed ${seed} of the simulated market is not an integer`)
  const configured: MarketChoice = { seed, badTicks, end: calendarEnd }
  const failures = new Set(failing)

  /** Asks for each instrument, on the market its recipe names. */
  const askEach = async <Found>(
    instruments: readonly Instrument[],
    request: string,
    recorder: PayloadRecorder,
    ask: (instrument: Instrument, choice: MarketChoice) => Answer<Found>,
  ) => {
    const missing: Missing[] = instruments.flatMap(({ symbol }) => {
      if (failures.has(symbol)) return [{ symbol, reason: `The simulated market was told to fail for ${symbol}` }]
      return isSimulated(symbol) ? [] : [{ symbol, reason: `The simulated market does not list ${symbol}` }]
    })
    const refused = new Set(missing.map(({ symbol }) => symbol))
    const asked = instruments.filter(({ symbol }) => !refused.has(symbol))
    const recipes = await Promise.all(asked.map(({ symbol }) => recordRecipe(configured, symbol, request, recorder)))

    const found: Found[] = []
    const provenance: Provenance[] = []
    asked.forEach((instrument, i) => {
      const answer = ask(instrument, recipes[i].choice)
      if ('reason' in answer) missing.push({ symbol: instrument.symbol, reason: answer.reason })
      else {
        found.push(answer.found)
        provenance.push(recipes[i].provenance)
      }
    })
    return { found, missing, provenance }
  }

  const fetchActions = async (
    { instruments, from, to }: EodRequest,
    type: CorporateAction['type'],
    recorder: PayloadRecorder,
  ): Promise<FetchedActions> => {
    const request = `${type}s-${from}-${to}`
    const { found, ...rest } = await askEach(instruments, request, recorder, ({ symbol }, { seed: own, end }) => {
      const actions = simulatedMarket(own).equity(symbol)?.actions ?? []
      const through = earlier(to, end)
      return {
        found: actions.filter(({ type: kind, exDate }) => kind === type && from <= exDate && exDate <= through),
      }
    })
    return { actions: found.flat(), ...rest }
  }

  return {
    name: SIMULATED_SOURCE,
    simulated: true,

    async fetchEod({ instruments, from, to }, recorder): Promise<FetchedBars> {
      const { found, ...rest } = await askEach(instruments, `eod-${from}-${to}`, recorder, (instrument, choice) => {
        const path = simulatedMarket(choice.seed).path(instrument.symbol)!
        const start = rowAtOrAfter(path.at, sessionToMs(from))
        const end = rowAtOrAfter(path.at, sessionToMs(earlier(to, choice.end)) + DAY_MS)
        return delivered(dailyBars(path, start, end), instrument, '1d', choice)
      })
      return { series: found, ...rest }
    },

    async fetchIntraday({ instruments, interval, from, to }, recorder): Promise<FetchedBars> {
      const request = `intraday-${interval}-${from}-${to}`
      const { found, ...rest } = await askEach(instruments, request, recorder, (instrument, choice) => {
        const end = Math.min(to, sessionToMs(choice.end) + DAY_MS)
        const bars = intradayBars(simulatedMarket(choice.seed), instrument.symbol, interval, from, end)!
        return delivered(bars, instrument, interval, choice)
      })
      return { series: found, ...rest }
    },

    fetchSplits: (request, recorder) => fetchActions(request, 'split', recorder),
    fetchDividends: (request, recorder) => fetchActions(request, 'dividend', recorder),

    async fetchFundamentals({ instruments, asOf }, recorder) {
      const request = `fundamentals-${asOf}`
      const { found, ...rest } = await askEach(instruments, request, recorder, (instrument, choice) =>
        fundamentalsOf(instrument, asOf, choice),
      )
      return { fundamentals: found, ...rest }
    },

    async fetchNews({ instruments, from, to }, recorder) {
      const request = `news-${from}-${to}`
      const { found, ...rest } = await askEach(instruments, request, recorder, ({ symbol }, choice) => {
        const path = simulatedMarket(choice.seed).equity(symbol)
        const end = Math.min(to, sessionToMs(choice.end) + DAY_MS)
        return { found: path ? articlesOf(choice.seed, path, from, end).map(asArticle) : [] }
      })
      return { articles: found.flat(), ...rest }
    },
  }
}

function fundamentalsOf({ symbol, asset }: Instrument, asOf: Session, choice: MarketChoice): Answer<Fundamentals> {
  const path = simulatedMarket(choice.seed).equity(symbol)
  if (!path) return { reason: `${symbol} is of asset class ${asset}, which has no fundamentals` }
  const ratios = ratiosAt(choice.seed, path, earlier(asOf, choice.end))
  if (!ratios) return { reason: nothingThen(choice.end) }
  const { trailingPe, forwardPe, ...always } = ratios
  const multiples = trailingPe === undefined ? {} : { trailingPe, forwardPe }
  return { found: { symbol, asOf, ...multiples, ...always, currency: 'USD' } }
}

/** An article as a reader sees it: what it was meant to say stays with the simulation. */
function asArticle({ id, symbol, title, publisher, url, publishedAt }: SimulatedArticle): Article {
  return { id, symbols: [symbol], title, publisher, url, publishedAt }
}

function delivered(
  clean: BarSeries,
  instrument: Instrument,
  interval: Interval,
  choice: MarketChoice,
): Answer<BarSeries> {
  if (clean.at.length === 0) return { reason: nothingThen(choice.end) }
  const spoilt = choice.badTicks && hasBadTicks(instrument)
  return { found: spoilt ? spoilBars(choice.seed, interval, clean) : clean }
}

function nothingThen(end: Session): string {
  return `The simulated market has nothing for the time asked for; it has ${FIRST_SESSION} to ${end}`
}

function earlier(one: Session, other: Session): Session {
  return one < other ? one : other
}
