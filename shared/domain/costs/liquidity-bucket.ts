/** From this median daily value traded, in dollars, the full spread to assume. */
interface LiquidityBucket {
  readonly fromDollars: number
  readonly spreadBps: number
}

/**
 * Spreads to assume for US stocks without quotes or ranges: 1 bp for the largest, 10 for what a fund should hardly hold. Round
 * figures of ours, between those of large index members and of small caps; quotes of one's own are better.
 */
export const LIQUIDITY_BUCKETS: readonly LiquidityBucket[] = [
  { fromDollars: 1_000_000_000, spreadBps: 1 },
  { fromDollars: 200_000_000, spreadBps: 2 },
  { fromDollars: 50_000_000, spreadBps: 4 },
  { fromDollars: 10_000_000, spreadBps: 7 },
  { fromDollars: 0, spreadBps: 10 },
]

/** The full spread in basis points of a stock with this median daily value traded, from 0. NaN for NaN. */
export function bucketSpreadBps(medianDollarVolume: number): number {
  return LIQUIDITY_BUCKETS.find(({ fromDollars }) => medianDollarVolume >= fromDollars)?.spreadBps ?? Number.NaN
}
