import type { Mandate } from '../../mandate/mandate.ts'
import type { Session } from '../../market/session.ts'
import { type Decimal, decimal, multiply, sum } from '../../money/decimal.ts'
import type { Signal } from '../../signals/signal.ts'
import type { ConsideredTrade } from '../considered-trade.ts'
import { type AbsentComponent, absentComponents } from './absent-components.ts'
import { cashAfter, chargeOf, isOrder } from './cash-plan.ts'
import { heldShares, shareOf } from './fund-weights.ts'
import { untiedMoney } from './idle-cash.ts'
import { proposedSectors } from './proposed-weights.ts'
import type { Spending } from './spending.ts'
import type { StartingPoint } from './starting-point.ts'
import type { TargetWeight } from './target-weight.ts'
import { budgetedAmount, type UsedTurnover } from './turnover-budget.ts'

/** The sums of a report, amounts in the base currency. */
export interface ReportTotals {
  readonly value: Decimal
  readonly cashBefore: Decimal
  /** If every order is filled at its price and costs what was estimated. */
  readonly cashAfter: Decimal
  readonly buys: Decimal
  readonly sells: Decimal
  readonly costs: Decimal
  /** One-way, over the value; and what of it counts against the budget. */
  readonly turnover: number
  readonly budgetedTurnover: number
  readonly orders: number
  readonly suppressed: number
}

/** Everything an order report says, whatever its form. */
export interface OrderReportContent {
  readonly run: string
  readonly session: Session
  readonly asOf: Session
  readonly source: string
  readonly signals: string
  readonly mandate: Pick<Mandate, 'name' | 'baseCurrency' | 'portfolio' | 'income'>
  readonly totals: ReportTotals
  readonly start: StartingPoint
  readonly targets: readonly TargetWeight[]
  /** Orders and suppressed trades, sells before buys, larger ones first. */
  readonly trades: readonly ConsideredTrade[]
  /** Of the fund's value, largest first by what they weigh after the orders. */
  readonly sectors: readonly { readonly sector: string; readonly before: number; readonly after: number }[]
  /** Counted turnover of the reports before this one. */
  readonly used: UsedTurnover
  /** Net dividends of twelve months over the value. */
  readonly incomeYield: number
  readonly spending: Spending
  readonly absent: readonly AbsentComponent[]
}

export interface ReportFacts
  extends Pick<
    OrderReportContent,
    'run' | 'session' | 'asOf' | 'source' | 'start' | 'targets' | 'trades' | 'used' | 'spending'
  > {
  readonly signalsRun: string
  readonly signals: readonly Signal[]
  readonly mandate: Mandate
}

/** Puts a report together from what the rebalance stored. */
export function orderReportContent(facts: ReportFacts): OrderReportContent {
  const { signals, signalsRun, mandate, ...rest } = facts
  const { start, trades } = rest
  const before = heldShares(start, ({ sector }) => sector)
  const after = proposedSectors(start, trades)
  const sectors = [...new Set([...before.keys(), ...after.keys()])].map((sector) => ({
    sector,
    before: before.get(sector) ?? 0,
    after: after.get(sector) ?? 0,
  }))
  const { name, baseCurrency, portfolio, income } = mandate
  return {
    ...rest,
    signals: signalsRun,
    mandate: { name, baseCurrency, portfolio, income },
    totals: reportTotals(start, trades, portfolio.cash),
    sectors: sectors.sort((a, b) => b.after - a.after || (a.sector < b.sector ? -1 : 1)),
    incomeYield: shareOf(start.income, start.value),
    absent: absentComponents(signals),
  }
}

/** Sums over the orders alone. */
export function reportTotals(
  start: StartingPoint,
  trades: readonly ConsideredTrade[],
  cashShare: number,
): ReportTotals {
  const orders = trades.filter(isOrder)
  const total = (side: 'buy' | 'sell') => sum(orders.filter((o) => o.side === side).map(({ notional }) => notional))
  const [buys, sells] = [total('buy'), total('sell')]
  return {
    value: start.value,
    cashBefore: start.cash,
    cashAfter: cashAfter(start.cash, trades),
    buys,
    sells,
    costs: sum(orders.map(({ costs }) => chargeOf(costs))),
    turnover: shareOf(multiply(sum([buys, sells]), decimal('0.5')), start.value),
    budgetedTurnover: shareOf(budgetedAmount(trades, untiedMoney(start, cashShare)), start.value),
    orders: orders.length,
    suppressed: trades.length - orders.length,
  }
}
