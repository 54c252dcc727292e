import { add, type Decimal, subtract, ZERO } from '../money/decimal.ts'
import { cumulativeReturn } from '../performance/cumulative-return.ts'
import { returnsOf } from './returns-of.ts'
import type { Snapshot } from './snapshot.ts'

/** What several sessions brought together. */
export interface ResultOver {
  readonly flow: Decimal
  readonly realised: Decimal
  readonly unrealised: Decimal
  readonly income: Decimal
  readonly fees: Decimal
  readonly slippage: Decimal
  readonly profit: Decimal
  /** Compounded, the fund's and the benchmark's; undefined without a session. */
  readonly return: number | undefined
  readonly benchmarkReturn: number | undefined
  /** One-way, Σ of the sessions'. */
  readonly turnover: number
}

/** The sums of the sessions' results; profit = realised + unrealised + income − fees − slippage holds for them as it does for each. */
export function resultOver(snapshots: readonly Snapshot[]): ResultOver {
  const total = (of: (snapshot: Snapshot) => Decimal) => snapshots.reduce((sum, one) => add(sum, of(one)), ZERO)
  const { returns, benchmark } = returnsOf(snapshots)
  return {
    flow: total(({ flow }) => flow),
    realised: total(({ realised }) => realised),
    unrealised: total(({ unrealised }) => unrealised),
    income: total(({ income }) => income),
    fees: total(({ fees }) => fees),
    slippage: total(({ costs, fees }) => subtract(costs, fees)),
    profit: total(({ profit }) => profit),
    return: cumulativeReturn(returns),
    benchmarkReturn: cumulativeReturn(benchmark),
    turnover: snapshots.reduce((sum, { turnover }) => sum + turnover, 0),
  }
}
