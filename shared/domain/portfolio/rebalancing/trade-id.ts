import type { Session } from '../../market/session.ts'

/**
 * An order's name: `2024-04-01-AAPL-buy`, and `2024-04-01-r2-AAPL-buy` when the rebalance's run was made again, so that a broker does not
 * take a second decision for the first.
 */
export function tradeId(session: Session, run: string, symbol: string, side: 'buy' | 'sell'): string {
  const revision = /:(r\d+)$/.exec(run)?.[1]
  return [session, ...(revision ? [revision] : []), symbol, side].join('-')
}
