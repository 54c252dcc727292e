import { sharpeRatio } from './sharpe-ratio.ts'
import { activeReturns } from './tracking-error.ts'

/**
 * Annualised information ratio: mean of the active returns / their sample deviation × √periodsPerYear, the Sharpe ratio of
 * what was done differently from the benchmark. Undefined for fewer than two pairs, or a deviation below 1e-12.
 * @see Goodwin (1998), "The Information Ratio", Financial Analysts Journal 54(4).
 */
export function informationRatio(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  periodsPerYear: number,
): number | undefined {
  return sharpeRatio(activeReturns(returns, benchmark), periodsPerYear)
}
