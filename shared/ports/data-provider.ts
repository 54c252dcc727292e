import type { BarSeries, Interval } from '../domain/market/bar.ts'
import type { CorporateAction } from '../domain/market/corporate-action.ts'
import type { Instrument } from '../domain/market/instrument.ts'
import type { Instant, Session } from '../domain/market/session.ts'

/**
 * Where market data comes from. An adapter answers in our words: prices restated to raw wherever it can, times in UTC, missing
 * numbers NaN. It keeps its own rate limit, retries and caching. A symbol that fails is reported in `missing` beside those that
 * came; only when nothing can be had at all (no network) does a call throw `UnavailableError`.
 */
export interface DataProvider {
  /** The `source` of everything it delivers, e.g. `yahoo`. */
  readonly name: string
  /** True when nothing it says is real; every report carries the label SIMULATED then. */
  readonly simulated: boolean

  /** Daily bars of sessions `from` to `to`, both inclusive, ascending. */
  fetchEod(request: EodRequest, recorder: PayloadRecorder): Promise<FetchedBars>
  /** Intraday bars starting in [`from`, `to`), ascending. */
  fetchIntraday(request: IntradayRequest, recorder: PayloadRecorder): Promise<FetchedBars>
  fetchSplits(request: EodRequest, recorder: PayloadRecorder): Promise<FetchedActions>
  /** Cash as paid on the ex-date, never restated for later splits. */
  fetchDividends(request: EodRequest, recorder: PayloadRecorder): Promise<FetchedActions>
  fetchFundamentals(request: FundamentalsRequest, recorder: PayloadRecorder): Promise<FetchedFundamentals>
  /** Articles published in [`from`, `to`). */
  fetchNews(request: NewsRequest, recorder: PayloadRecorder): Promise<FetchedNews>
}

export interface EodRequest {
  readonly instruments: readonly Instrument[]
  readonly from: Session
  readonly to: Session // inclusive
}

export interface IntradayRequest {
  readonly instruments: readonly Instrument[]
  readonly interval: Exclude<Interval, '1d'>
  readonly from: Instant
  readonly to: Instant // exclusive
}

export interface FundamentalsRequest {
  readonly instruments: readonly Instrument[]
  readonly asOf: Session
}

export interface NewsRequest {
  readonly instruments: readonly Instrument[]
  readonly from: Instant
  readonly to: Instant // exclusive
}

/**
 * Keeps every raw reply as it came, create-only under (run, symbol, request), and gives it back instead of fetching again when the
 * step is attempted a second time. So a step that died half-way sees the same world when it runs again.
 */
export interface PayloadRecorder {
  payload(symbol: string, request: string, fetch: () => Promise<Uint8Array>): Promise<Uint8Array>
}

/** What a number came from: the hash of the raw reply or file. */
export interface Provenance {
  readonly symbol: string
  readonly request: string
  readonly sha256: string
}

export interface Missing {
  readonly symbol: string
  readonly reason: string
}

export interface FetchedBars {
  readonly series: readonly BarSeries[]
  readonly missing: readonly Missing[]
  readonly provenance: readonly Provenance[]
}

export interface FetchedActions {
  readonly actions: readonly CorporateAction[]
  readonly missing: readonly Missing[]
  readonly provenance: readonly Provenance[]
}

/** Ratios of a company at a time. Fractions are fractions (a yield of 2 % is 0.02); a missing number is undefined. */
export interface Fundamentals {
  readonly symbol: string
  readonly asOf: Session
  readonly trailingPe?: number
  readonly forwardPe?: number
  readonly priceToBook?: number
  readonly dividendYield?: number
  readonly returnOnEquity?: number
  /** Total debt over equity, a fraction (1.5 is 150 %). */
  readonly debtToEquity?: number
  readonly currentRatio?: number
  readonly profitMargin?: number
  readonly revenueGrowth?: number
  readonly marketCap?: number
  readonly sharesOutstanding?: number
  readonly currency?: string
}

export interface FetchedFundamentals {
  readonly fundamentals: readonly Fundamentals[]
  readonly missing: readonly Missing[]
  readonly provenance: readonly Provenance[]
}

export interface Article {
  readonly id: string
  readonly symbols: readonly string[]
  readonly title: string
  readonly publisher: string
  readonly url: string
  readonly publishedAt: Instant
}

export interface FetchedNews {
  readonly articles: readonly Article[]
  readonly missing: readonly Missing[]
  readonly provenance: readonly Provenance[]
}
