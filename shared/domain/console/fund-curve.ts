import { sessionToMs } from '../market/session.ts'
import { toNumber } from '../money/decimal.ts'
import type { Snapshot } from '../monitoring/snapshot.ts'
import { drawdowns } from '../performance/max-drawdown.ts'

/** The fund over time, a row a session, ascending. */
export interface FundCurve {
  readonly at: Float64Array // UTC ms
  /** In the base currency. */
  readonly value: Float64Array
  /** What a hundred put in before the first session has become, flows aside; and the same in the benchmark. */
  readonly growth: Float64Array
  readonly benchmark: Float64Array
  /** Of the growth, as fractions at or below zero. */
  readonly drawdown: Float64Array
}

/** The curve of a fund's snapshots. A session without a return of its own, or of the benchmark, leaves that curve where it was. */
export function fundCurve(snapshots: readonly Snapshot[]): FundCurve {
  const column = (of: (snapshot: Snapshot) => number | undefined) =>
    Float64Array.from(snapshots, (snapshot) => of(snapshot) ?? Number.NaN)
  const returns = column((snapshot) => snapshot.return)
  return {
    at: Float64Array.from(snapshots, ({ session }) => sessionToMs(session)),
    value: Float64Array.from(snapshots, ({ value }) => toNumber(value)),
    growth: growthOf(returns),
    benchmark: growthOf(column(({ benchmarkReturn }) => benchmarkReturn)),
    drawdown: drawdowns(returns),
  }
}

function growthOf(returns: Float64Array): Float64Array {
  let level = 100
  return returns.map((value) => {
    if (!Number.isNaN(value)) level *= 1 + value
    return level
  })
}
