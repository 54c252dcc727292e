import type { CostMarket } from '../../costs/estimate-costs.ts'
import type { AssetClass } from '../../market/instrument.ts'
import type { Decimal } from '../../money/decimal.ts'

/** What a rebalance knows of a name when it is decided: later steps look at these numbers and at no others. */
export interface NameFacts {
  readonly symbol: string
  readonly sector: string
  readonly asset: AssetClass
  /** Shares or coins; zero when it is not held. */
  readonly held: Decimal
  /** Last close as traded; undefined when no bar brought one. */
  readonly price: Decimal | undefined
  /** Sessions between that close and the last one; NaN without a price. */
  readonly priceAge: number
  /** What the cost model may ask for, `adv` being the median of the daily volumes; absent or NaN where it cannot be known. */
  readonly market: CostMarket
}

/** Where the fund stands before a rebalance, at the last close before its session. */
export interface StartingPoint {
  /** Cash and all holdings at their last close. */
  readonly value: Decimal
  readonly cash: Decimal
  /** Nothing has ever happened to the fund: its capital is to be invested. */
  readonly initialFunding: boolean
  /**
   * Money from outside, paid in or earned as dividends, that no buy has used yet; below zero what was taken out since the last order report
   * beyond what came in.
   */
  readonly inflow: Decimal
  /** Net dividends of the twelve months before the session. */
  readonly income: Decimal
  /** Everything that is held or has a signal, in order of symbol. */
  readonly names: readonly NameFacts[]
}
