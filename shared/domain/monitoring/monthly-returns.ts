import { groupBy } from '../group-by.ts'
import { growthOf } from '../performance/cumulative-return.ts'
import type { Snapshot } from './snapshot.ts'

export interface YearOfReturns {
  /** `2024` */
  readonly year: string
  /** Compounded over the month's sessions, January first; NaN for months without a return. */
  readonly months: Float64Array
  readonly whole: number
}

/** Compounded returns by calendar month and year, years ascending. A month or year that was only begun counts as far as it went. */
export function monthlyReturns(snapshots: readonly Pick<Snapshot, 'session' | 'return'>[]): YearOfReturns[] {
  const known = snapshots.filter((snapshot) => snapshot.return !== undefined)
  const years = groupBy(known, ({ session }) => session.slice(0, 4))
  return [...years].map(([year, some]) => {
    const months = new Float64Array(12).fill(Number.NaN)
    for (const [month, sessions] of groupBy(some, ({ session }) => session.slice(5, 7))) {
      months[Number(month) - 1] = compounded(sessions)
    }
    return { year, months, whole: compounded(some) }
  })
}

function compounded(snapshots: readonly Pick<Snapshot, 'return'>[]): number {
  return growthOf(snapshots.map((snapshot) => snapshot.return ?? 0)) - 1
}
