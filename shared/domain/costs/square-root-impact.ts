/** Size of the square root's impact. Between 0.5 and 1 in most studies of large orders; the dear end when nothing is known. */
export const DEFAULT_Y = 1

export interface SquareRootOrder {
  /** Shares. */
  readonly quantity: number
  /** Average daily volume in shares, of sessions before the order. */
  readonly adv: number
  /** Deviation of daily returns, a fraction. */
  readonly sigmaDaily: number
}

/**
 * The square-root law of market impact in basis points of the price: Y·σ·√(Q/ADV).
 * @see Tóth et al. (2011), "Anomalous Price Impact and the Critical Nature of Liquidity in Financial Markets", Phys. Rev. X 1.
 */
export function squareRootImpactBps({ quantity, adv, sigmaDaily }: SquareRootOrder, y: number): number {
  return 1e4 * y * sigmaDaily * Math.sqrt(quantity / adv)
}
