import type { Session } from '../market/session.ts'
import { type ResultOver, resultOver } from '../monitoring/result-over.ts'
import type { Snapshot } from '../monitoring/snapshot.ts'

/** Where a period's profit came from: profit = realised + unrealised + income − fees − slippage. */
export interface PeriodProfit extends Omit<ResultOver, 'return' | 'benchmarkReturn' | 'turnover'> {
  readonly period: 'session' | 'month' | 'year' | 'all'
  readonly from: Session
  readonly sessions: number
}

/** The profit of the last session, of its month and its year so far, and of all sessions; none without a snapshot. `snapshots` ascend. */
export function periodProfits(snapshots: readonly Snapshot[]): PeriodProfit[] {
  const last = snapshots.at(-1)
  if (!last) return []
  const since = (prefix: string) => snapshots.filter(({ session }) => session.startsWith(prefix))
  return [
    sumOf('session', [last]),
    sumOf('month', since(last.session.slice(0, 7))),
    sumOf('year', since(last.session.slice(0, 4))),
    sumOf('all', snapshots),
  ]
}

function sumOf(period: PeriodProfit['period'], snapshots: readonly Snapshot[]): PeriodProfit {
  const { return: _, benchmarkReturn, turnover, ...profit } = resultOver(snapshots)
  return { period, from: snapshots[0].session, sessions: snapshots.length, ...profit }
}
