/** A name's share of the fund's value that the rebalance wants, zero for one that is to be sold. */
export interface TargetWeight {
  readonly symbol: string
  readonly sector: string
  readonly weight: number
  /** Before caps. */
  readonly uncapped: number
  /** What brought it there, in words. */
  readonly note: string
}
