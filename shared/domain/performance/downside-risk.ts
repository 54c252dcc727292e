import { figure } from '../statistics/figure.ts'
import { mean } from '../statistics/mean.ts'
import { observed } from '../statistics/observed.ts'
import { rootOfYear } from './annualisation.ts'

/**
 * Annualised deviation below the return that is asked for: √mean(min(r − minimumAcceptable, 0)²) × √periodsPerYear. The mean
 * is over all returns, the good ones as zeros: dividing by the bad ones alone would praise a fund for losing more often.
 * Missing returns are dropped; undefined for none.
 * @param minimumAcceptable per period, as the returns.
 * @see Sortino, Price (1994), "Performance Measurement in a Downside Risk Framework", J. Investing 3(3).
 */
export function downsideRisk(
  returns: ArrayLike<number>,
  periodsPerYear: number,
  minimumAcceptable = 0,
): number | undefined {
  const squares = observed(returns).map((value) => Math.min(value - minimumAcceptable, 0) ** 2)
  return figure(Math.sqrt(mean(squares)) * rootOfYear(periodsPerYear))
}
