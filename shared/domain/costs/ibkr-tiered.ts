/** Interactive Brokers' tiered price of US stocks in US dollars: data that a broker changes, so compare with its current list. */
export interface TieredSchedule {
  /** The year the broker listed it. */
  readonly listed: string
  /** Rates by the shares traded in a calendar month, ascending; the last tier has no end. */
  readonly tiers: readonly { readonly throughShares: number; readonly perShare: number }[]
  readonly minimum: number
  readonly mostOfNotional: number
  /** Clearing at NSCC and DTC, on top of the commission. */
  readonly clearingPerShare: number
}

export const IBKR_TIERED: TieredSchedule = {
  listed: '2024',
  tiers: [
    { throughShares: 300_000, perShare: 0.0035 },
    { throughShares: 3_000_000, perShare: 0.002 },
    { throughShares: 20_000_000, perShare: 0.0015 },
    { throughShares: 100_000_000, perShare: 0.001 },
    { throughShares: Number.POSITIVE_INFINITY, perShare: 0.0005 },
  ],
  minimum: 0.35,
  mostOfNotional: 0.01,
  clearingPerShare: 0.0002,
}

/**
 * Commission of an order at Interactive Brokers' tiered price, US dollars: each share at the rate of the tier it falls into,
 * counted on from those already traded this month; at least the minimum, at most 1 % of the trade's value. Clearing,
 * exchange and regulatory fees come on top; those of the exchanges differ by venue and are not modelled.
 * @see https://www.interactivebrokers.co.uk/en/pricing/commissions-stocks.php for the schedule;
 *   https://interactivebrokers.ca/en/index.php?f=713 for an order across tiers.
 */
export function ibkrTieredCommission(
  quantity: number,
  notional: number,
  sharesThisMonth: number,
  schedule: TieredSchedule = IBKR_TIERED,
): number {
  let byShare = 0
  let from = sharesThisMonth
  const through = sharesThisMonth + quantity
  for (const { throughShares, perShare } of schedule.tiers) {
    if (from >= through) break
    if (from >= throughShares) continue
    const end = Math.min(through, throughShares)
    byShare += (end - from) * perShare
    from = end
  }
  return Math.min(Math.max(schedule.minimum, byShare), schedule.mostOfNotional * notional)
}
