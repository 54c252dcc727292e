import type { Snapshot } from './snapshot.ts'

export interface FundReturns {
  /** Simple returns by session, NaN where nothing was invested. */
  readonly returns: Float64Array
  /** The benchmark's in the same sessions, NaN where it has none. */
  readonly benchmark: Float64Array
}

/** The returns of snapshots, row by row. */
export function returnsOf(snapshots: readonly Pick<Snapshot, 'return' | 'benchmarkReturn'>[]): FundReturns {
  return {
    returns: Float64Array.from(snapshots, (snapshot) => snapshot.return ?? Number.NaN),
    benchmark: Float64Array.from(snapshots, ({ benchmarkReturn }) => benchmarkReturn ?? Number.NaN),
  }
}
