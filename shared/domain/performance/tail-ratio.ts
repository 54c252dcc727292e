import { figure } from '../statistics/figure.ts'
import { observed } from '../statistics/observed.ts'
import { quantile } from '../statistics/quantile.ts'

/**
 * Size of the 95th percentile of returns over the size of the 5th: above 1, the good tail is the longer one. Missing returns
 * are dropped. Undefined without a return, and when the 5th percentile is 0.
 * @see empyrical, `tail_ratio`.
 */
export function tailRatio(returns: ArrayLike<number>): number | undefined {
  const there = observed(returns)
  return figure(Math.abs(quantile(there, 0.95)) / Math.abs(quantile(there, 0.05)))
}
