import type { Session } from '../domain/market/session.ts'
import type { ConsideredTrade } from '../domain/portfolio/considered-trade.ts'
import type { ReportTotals } from '../domain/portfolio/rebalancing/order-report-content.ts'
import type { StartingPoint } from '../domain/portfolio/rebalancing/starting-point.ts'
import type { TargetWeight } from '../domain/portfolio/rebalancing/target-weight.ts'

export interface Rebalance {
  readonly run: string
  /** The session that the orders are for. */
  readonly session: Session
  /** The last session that had closed when they were decided. */
  readonly asOf: Session
  readonly source: string
  /** The run whose signals were used. */
  readonly signals: string
}

export type { TargetWeight }

export interface OrderReport extends Rebalance, ReportTotals {
  /** Object keys of the report's forms. */
  readonly files: { readonly html: string; readonly csv: string; readonly json: string; readonly parquet: string }
}

/** `portfolio.*`: targets, considered trades and order reports, kept under the run that made them. */
export interface RebalanceStore {
  /** Notes the rebalance and what it starts from. */
  open(rebalance: Rebalance, start: StartingPoint): Promise<void>
  get(run: string): Promise<Rebalance | undefined>
  /** What the rebalance started from; undefined for a run that opened none. */
  start(run: string): Promise<StartingPoint | undefined>
  putTargets(run: string, targets: readonly TargetWeight[]): Promise<void>
  /** In order of weight, largest first, then symbol. */
  targets(run: string): Promise<TargetWeight[]>
  /** Replaces the run's trades. */
  putTrades(run: string, trades: readonly ConsideredTrade[]): Promise<void>
  /** Sells before buys, larger notional first, then symbol. */
  trades(run: string): Promise<ConsideredTrade[]>
  /** By the id of an order or of a trade that was not made; the newest run's when several made it. */
  trade(id: string): Promise<{ readonly run: string; readonly trade: ConsideredTrade } | undefined>
  putReport(report: OrderReport): Promise<void>
  report(run: string): Promise<OrderReport | undefined>
  /** The newest report of the source for a session or an earlier one; of one session's runs the last. */
  latestReport(source: string, through: Session): Promise<OrderReport | undefined>
  /** Reports of the source whose session is in the range, ascending; of one session's runs the last. */
  reports(source: string, from: Session, through: Session): Promise<OrderReport[]>
}
