import type { CostEstimate } from '../costs/estimate-costs.ts'
import type { Session } from '../market/session.ts'
import type { Decimal } from '../money/decimal.ts'

/** Why a trade is looked at. */
export type TradeReason = 'new' | 'increase' | 'decrease' | 'exit' | 'forced-exit' | 'initial-funding'

/** What became of a considered trade. Only `order` is proposed; the others say what stopped them. */
export type TradeVerdict =
  | 'order'
  | 'within-band'
  | 'below-minimum'
  | 'negative-net-alpha'
  | 'turnover-budget'
  | 'observed'
  | 'no-cash'
  | 'limit'
  | 'no-price'

/** A trade that the rebalance considered, with its arithmetic, made or not. Weights and costs are fractions and bps as named. */
export interface ConsideredTrade {
  /** `<session>-<symbol>-<side>`, with the run's revision after the session when it is not the first. */
  readonly id: string
  readonly session: Session
  readonly symbol: string
  readonly sector: string
  readonly side: 'buy' | 'sell'
  readonly reason: TradeReason
  /** Weights of the fund's value: held now, wanted, and the no-trade band around the target. */
  readonly currentWeight: number
  readonly targetWeight: number
  readonly band: readonly [low: number, high: number]
  /** What a trade to the band rule's goal would be, before budgets and cash; always positive. */
  readonly wantedQuantity: Decimal
  /** What is proposed; zero unless the verdict is `order`. */
  readonly quantity: Decimal
  /** Last close as traded: what quantities and costs were computed with. */
  readonly price: Decimal
  /** quantity (wanted, when nothing is proposed) × price */
  readonly notional: Decimal
  readonly alpha: {
    /** Over the next 21 sessions, for holding the name; negative is good for a sell. */
    readonly expectedBps: number
    readonly source: 'composite' | 'model'
    /** In favour of this trade. */
    readonly grossBps: number
    readonly costInBps: number
    readonly costOutBps: number
    readonly netBps: number
  }
  readonly costs: CostEstimate
  readonly verdict: TradeVerdict
  /** In words a person can check, with the numbers. */
  readonly explanation: string
}
