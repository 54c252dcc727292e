import type { Instrument } from './instrument.ts'

/** Length of a bar: one session, or minutes and hours of intraday time. */
export type Interval = '1d' | '1h' | '5m' | '1m'

export const INTERVALS: readonly Interval[] = ['1d', '1h', '5m', '1m']

/** Milliseconds of an intraday interval; a daily bar spans its session instead. */
export const INTERVAL_MS: Readonly<Record<Interval, number>> = {
  '1d': 86_400_000,
  '1h': 3_600_000,
  '5m': 300_000,
  '1m': 60_000,
}

/**
 * What the prices have been divided by. `raw`: as traded. `split-adjusted`: restated for later splits. `adjusted`: for later
 * splits and dividends. Everything a provider can restate to raw is stored raw; the rest keeps its basis and is never adjusted twice.
 */
export type PriceBasis = 'raw' | 'split-adjusted' | 'adjusted'

/**
 * One symbol's bars in columns, ascending and unique in `at` unless the text says otherwise (a fetched series may still hold
 * duplicates and disorder; a validated one never does). Every column has the same length; NaN is a missing number.
 */
export interface BarSeries {
  readonly symbol: string
  readonly basis: PriceBasis
  /** Start of the bar, UTC ms. A daily bar carries its session's date at 00:00 UTC. */
  readonly at: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  /** Shares or coins; 0 for an index or a rate. */
  readonly volume: Float64Array
  /** Real quotes at the bar's end, where the source has them. */
  readonly bid?: Float64Array
  readonly ask?: Float64Array
}

/** Which bars these are: one source's, of one asset class, at one interval. */
export interface Dataset {
  readonly source: string
  readonly asset: Instrument['asset']
  readonly interval: Interval
}

export const PRICE_COLUMNS = ['open', 'high', 'low', 'close'] as const
const COLUMNS = ['at', 'open', 'high', 'low', 'close', 'volume'] as const

/** How many bars there are in several series. */
export function countBars(series: Iterable<{ readonly at: Float64Array }>): number {
  let bars = 0
  for (const { at } of series) bars += at.length
  return bars
}

/** The bars at the given positions, in that order, quotes included: a copy. */
export function takeBars(series: BarSeries, positions: ArrayLike<number>): BarSeries {
  const count = positions.length
  return mapColumns(series, (column) => {
    const taken = new Float64Array(count)
    for (let i = 0; i < count; i++) taken[i] = column[positions[i]]
    return taken
  })
}

/** The bars of the half-open range of positions, sharing memory with the series. */
export function sliceBars(series: BarSeries, start: number, end: number): BarSeries {
  return mapColumns(series, (column) => column.subarray(start, end))
}

/** The bars of several series of one symbol, end to end. */
export function concatBars(parts: readonly BarSeries[]): BarSeries {
  const [first] = parts
  if (!first) throw new RangeError('No series to join')
  const rows = countBars(parts)
  const join = (name: keyof BarSeries) => {
    const column = new Float64Array(rows)
    let offset = 0
    for (const part of parts) {
      const values = part[name] as Float64Array | undefined
      if (values) column.set(values, offset)
      else column.fill(Number.NaN, offset, offset + part.at.length)
      offset += part.at.length
    }
    return column
  }
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, join(name)]))
  const quotes = parts.some((part) => part.bid && part.ask) ? { bid: join('bid'), ask: join('ask') } : {}
  return { symbol: first.symbol, basis: first.basis, ...columns, ...quotes } as BarSeries
}

function mapColumns(series: BarSeries, change: (column: Float64Array) => Float64Array): BarSeries {
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, change(series[name])]))
  const quotes = series.bid && series.ask ? { bid: change(series.bid), ask: change(series.ask) } : {}
  return { symbol: series.symbol, basis: series.basis, ...columns, ...quotes } as BarSeries
}
