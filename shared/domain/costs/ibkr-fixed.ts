/** Interactive Brokers' fixed price of US stocks in US dollars, as listed in 2024: compare with the broker's current list. */
export const IBKR_FIXED = { listed: '2024', perShare: 0.005, minimum: 1, mostOfNotional: 0.01 } as const

/**
 * Commission of an order at Interactive Brokers' fixed price, US dollars: by the share, at least the minimum, at most 1 %
 * of the trade's value, where the cap wins over the minimum. Exchange and clearing fees are in it, regulatory fees not.
 * @see https://www.interactivebrokers.co.uk/en/pricing/commissions-stocks.php for schedule and examples.
 */
export function ibkrFixedCommission(quantity: number, notional: number): number {
  const { perShare, minimum, mostOfNotional } = IBKR_FIXED
  return Math.min(Math.max(minimum, perShare * quantity), mostOfNotional * notional)
}
