import type { BarSeries } from '../market/bar.ts'
import type { CorporateAction } from '../market/corporate-action.ts'

/** One symbol's whole simulated history in columns, a row a session, raw prices. The rows are the same whatever was asked for. */
export interface DailyPath {
  readonly symbol: string
  /** Digits behind the decimal point: 2 for prices, 3 for yields. */
  readonly decimals: number
  readonly at: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
  /** Standard deviation of the log price from the session's open to its close, as the model had it that day. */
  readonly deviation: Float64Array
  /** Correlation of the path within the session with the market's own, in [-1, 1]. */
  readonly marketCorrelation: Float64Array
}

/** What a company has besides prices. */
export interface EquityPath extends DailyPath {
  /** The company's own shock of the day in its own standard deviations: what news speaks of. */
  readonly ownShock: Float64Array
  /** The hidden quality, standard normal in the long run, that tilts the drift and shows, with noise, in the ratios. */
  readonly quality: Float64Array
  /** A one-year exponential average of the log price, restated for past splits: the slow value that earnings are tied to. */
  readonly anchor: Float64Array
  /** Shares outstanding, after the day's split. */
  readonly shares: Float64Array
  /** Rows of the sessions that open on freshly reported results, ascending; the first row counts as one. */
  readonly reports: readonly number[]
  readonly actions: readonly CorporateAction[]
}

/** The columns every path has, allocated. */
export function emptyColumns(rows: number) {
  const column = () => new Float64Array(rows)
  return {
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    deviation: column(),
    marketCorrelation: column(),
  }
}

/** The daily bars of the half-open range of rows. */
export function dailyBars(path: DailyPath, start: number, end: number): BarSeries {
  const cut = (column: Float64Array) => column.slice(start, end)
  return {
    symbol: path.symbol,
    basis: 'raw',
    at: cut(path.at),
    open: cut(path.open),
    high: cut(path.high),
    low: cut(path.low),
    close: cut(path.close),
    volume: cut(path.volume),
  }
}
