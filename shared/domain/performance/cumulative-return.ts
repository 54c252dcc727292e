import { figure } from '../statistics/figure.ts'

/** What one unit of money has become: Π(1 + r). A missing return (NaN) counts as 0; 1 for no returns. */
export function growthOf(returns: ArrayLike<number>): number {
  let growth = 1
  for (let i = 0; i < returns.length; i++) if (!Number.isNaN(returns[i])) growth *= 1 + returns[i]
  return growth
}

/**
 * Compounded return of simple periodic returns over the whole time: Π(1 + r) − 1. A missing return (NaN) counts as 0: the
 * money was there all the same. Undefined for no rows.
 */
export function cumulativeReturn(returns: ArrayLike<number>): number | undefined {
  return returns.length === 0 ? undefined : figure(growthOf(returns) - 1)
}
