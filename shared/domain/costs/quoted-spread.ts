/**
 * The full bid–ask spread in basis points of the mid price; half of it is what an order that takes liquidity pays. NaN for
 * a quote that is none: a price missing or not above zero, or an ask below the bid.
 */
export function quotedSpreadBps(bid: number, ask: number): number {
  if (!(bid > 0 && ask >= bid && ask < Number.POSITIVE_INFINITY)) return Number.NaN
  return (1e4 * (ask - bid)) / ((ask + bid) / 2)
}
