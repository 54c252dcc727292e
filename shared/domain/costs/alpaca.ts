import type { AssetClass } from '../market/instrument.ts'

/** Alpaca's first crypto tier (under 100,000 dollars a month), as listed in 2024: compare with the broker's current list. */
export const ALPACA = { listed: '2024', cryptoBps: { maker: 15, taker: 25 } } as const

/** Whether an order waits in the book or takes what is there. */
export type Liquidity = 'maker' | 'taker'

/**
 * Alpaca's commission in basis points of notional: none on equities, the maker's or taker's fee on crypto.
 * @see QuantConnect Lean, `AlpacaFeeModel.cs`, for the same figures.
 */
export function alpacaCommissionBps(asset: AssetClass, liquidity: Liquidity): number {
  return asset === 'crypto' ? ALPACA.cryptoBps[liquidity] : 0
}
