/**
 * The simple retail model: a commission a share, a flat exchange fee, and impact growing with the order's size in dollars,
 * blind to volume and volatility. Rates in US dollars. Kept for comparison with reports that use it; the square root and
 * Almgren's impact know the market.
 */
export const PER_SHARE = { commissionPerShare: 0.005, exchangeFeeBps: 3, impactBpsPerThousand: 0.1 } as const

/** US dollars, without a minimum. */
export function perShareCommission(quantity: number): number {
  return PER_SHARE.commissionPerShare * quantity
}

/** Basis points of notional: 0.1 for each 1,000 dollars of it. */
export function linearImpactBps(notional: number): number {
  return (PER_SHARE.impactBpsPerThousand * notional) / 1000
}
