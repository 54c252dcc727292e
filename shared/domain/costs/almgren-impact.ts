/** Fitted to orders of US stocks that Citigroup executed from 2001 to 2003, exponents as the authors recommend. */
export const ALMGREN = { gamma: 0.314, eta: 0.142, delta: 1 / 4, beta: 3 / 5 } as const

export interface AlmgrenMarket {
  /** Average daily volume in shares, of sessions before the order. */
  readonly adv: number
  /** Deviation of daily returns, a fraction. */
  readonly sigmaDaily: number
}

/**
 * Permanent impact I in basis points of the price: how far the order moves it for good, γ·σ·(X/V)·(Θ/V)^¼ with Θ the shares
 * outstanding. The order itself pays half, since the move builds up while it trades: its cost is J = I/2 + h.
 * @see Almgren, Thum, Hauptmann and Li (2005), "Direct Estimation of Equity Market Impact", Risk 18(7).
 */
export function almgrenPermanentBps(
  quantity: number,
  { adv, sigmaDaily }: AlmgrenMarket,
  sharesOutstanding: number,
): number {
  const { gamma, delta } = ALMGREN
  return 1e4 * gamma * sigmaDaily * (quantity / adv) * (sharesOutstanding / adv) ** delta
}

/**
 * Temporary impact h in basis points of the price: the premium for trading within a time rather than at leisure,
 * η·σ·(X/(V·T))^⅗. The horizon T in trading days: 0.5 is half a session.
 * @see Almgren, Thum, Hauptmann and Li (2005), "Direct Estimation of Equity Market Impact", Risk 18(7).
 */
export function almgrenTemporaryBps(quantity: number, { adv, sigmaDaily }: AlmgrenMarket, horizonDays: number): number {
  const { eta, beta } = ALMGREN
  return 1e4 * eta * sigmaDaily * (quantity / (adv * horizonDays)) ** beta
}
