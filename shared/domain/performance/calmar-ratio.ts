import { figure } from '../statistics/figure.ts'
import { annualReturn } from './annual-return.ts'
import { maxDrawdown } from './max-drawdown.ts'

/**
 * Annual return over the size of the maximum drawdown, both over the whole time. Undefined without a drawdown.
 * @see Young (1991), "Calmar Ratio: A Smoother Tool", Futures 20(1).
 */
export function calmarRatio(returns: ArrayLike<number>, periodsPerYear: number): number | undefined {
  const annual = annualReturn(returns, periodsPerYear)
  const deepest = maxDrawdown(returns)
  return annual === undefined || !deepest ? undefined : figure(annual / -deepest)
}
