import { figure } from '../statistics/figure.ts'
import { observed } from '../statistics/observed.ts'
import { quantile } from '../statistics/quantile.ts'

/**
 * Historical value at risk as a return of one period: the quantile that only a `tail` of the returns lie below, linear
 * between neighbours. A loss is negative. Missing returns are dropped; undefined for none.
 * @param tail in [0, 1]: 0.05 gives the VaR of 95 % confidence.
 * @see empyrical, `value_at_risk`.
 */
export function historicalValueAtRisk(returns: ArrayLike<number>, tail = 0.05): number | undefined {
  return figure(quantile(observed(returns), tail))
}
