import type { Session } from '../market/session.ts'
import { add, type Decimal, subtract, ZERO } from '../money/decimal.ts'
import type { Snapshot } from '../monitoring/snapshot.ts'

/** Where a period's profit came from: profit = realised + unrealised + income − fees − slippage. */
export interface PeriodProfit {
  readonly period: 'session' | 'month' | 'year' | 'all'
  readonly from: Session
  readonly sessions: number
  readonly flow: Decimal
  readonly realised: Decimal
  readonly unrealised: Decimal
  readonly income: Decimal
  readonly fees: Decimal
  /** Half-spread and impact: what trading cost beside fees. */
  readonly slippage: Decimal
  readonly profit: Decimal
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
  const total = (of: (snapshot: Snapshot) => Decimal) =>
    snapshots.reduce((sum, snapshot) => add(sum, of(snapshot)), ZERO)
  return {
    period,
    from: snapshots[0].session,
    sessions: snapshots.length,
    flow: total(({ flow }) => flow),
    realised: total(({ realised }) => realised),
    unrealised: total(({ unrealised }) => unrealised),
    income: total(({ income }) => income),
    fees: total(({ fees }) => fees),
    slippage: total(({ costs, fees }) => subtract(costs, fees)),
    profit: total(({ profit }) => profit),
  }
}
