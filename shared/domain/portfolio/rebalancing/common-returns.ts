import type { BarSeries } from '../../market/bar.ts'
import { sampleDeviation } from '../../statistics/deviation.ts'
import { type Matrix, matrixOf } from '../covariance/matrix.ts'
import { simpleReturns } from '../covariance/simple-returns.ts'

/** A name with fewer of the sessions than this share says too little of how it moves with the others. */
const LEAST_COVERAGE = 0.5

/** Daily deviations below this are no movement. */
const LEAST_DEVIATION = 1e-9

export interface CommonReturns {
  /** Of the sessions that all names have, oldest first, one column a name. */
  readonly returns: Matrix
  /** Columns by position in the names asked for. */
  readonly included: readonly number[]
}

/**
 * Returns of names over the sessions that all of them have a close in, at most so many, of series restated for splits and dividends. A name
 * with less than half of the sessions that the longest has, or that does not move, is left out. Undefined when fewer than three sessions
 * are common.
 */
export function commonReturns(series: readonly (BarSeries | undefined)[], sessions: number): CommonReturns | undefined {
  const closes = series.map((bars) => new Map(lastCloses(bars, sessions + 1)))
  const longest = Math.max(0, ...closes.map(({ size }) => size))
  const included = closes.flatMap((own, i) => (own.size >= LEAST_COVERAGE * longest && moves(own) ? [i] : []))
  const [first] = included
  if (first === undefined) return undefined
  const days = [...closes[first].keys()].filter((at) => included.every((i) => closes[i].has(at)))
  if (days.length < 4) return undefined
  const prices = Float64Array.from(days.flatMap((at) => included.map((i) => closes[i].get(at) ?? Number.NaN)))
  return { returns: simpleReturns(matrixOf(days.length, included.length, prices)), included }
}

function lastCloses(bars: BarSeries | undefined, rows: number): [number, number][] {
  if (!bars) return []
  return Array.from(bars.at, (at, row): [number, number] => [at, bars.close[row]])
    .slice(-rows)
    .filter(([, close]) => close > 0)
}

function moves(closes: ReadonlyMap<number, number>): boolean {
  return sampleDeviation(Float64Array.from(closes.values(), Math.log)) > LEAST_DEVIATION
}
