import { figure } from '../statistics/figure.ts'
import { checkedPeriods } from './annualisation.ts'
import { growthOf } from './cumulative-return.ts'

/**
 * Compound annual growth rate of simple periodic returns: Π(1 + r)^(periodsPerYear / n) − 1. A missing return (NaN) counts
 * as 0, its row in n: time passed. Undefined for no rows, and when more than everything was lost.
 * @see empyrical, `annual_return`.
 */
export function annualReturn(returns: ArrayLike<number>, periodsPerYear: number): number | undefined {
  const years = returns.length / checkedPeriods(periodsPerYear)
  const growth = growthOf(returns)
  return years === 0 || growth < 0 ? undefined : figure(growth ** (1 / years) - 1)
}
