import { figure } from '../statistics/figure.ts'
import { mean } from '../statistics/mean.ts'
import { observed } from '../statistics/observed.ts'
import { rootOfYear } from './annualisation.ts'
import { downsideRisk } from './downside-risk.ts'
import { LEAST_DEVIATION } from './sharpe-ratio.ts'

/**
 * Annualised Sortino ratio of periodic returns: (mean − minimumAcceptable) × periodsPerYear / downside risk. Missing returns
 * are dropped. Undefined for fewer than two, and where nothing fell short by more than rounding.
 * @param minimumAcceptable per period, as the returns.
 * @see Sortino, Price (1994), "Performance Measurement in a Downside Risk Framework", J. Investing 3(3).
 */
export function sortinoRatio(
  returns: ArrayLike<number>,
  periodsPerYear: number,
  minimumAcceptable = 0,
): number | undefined {
  const there = observed(returns)
  const risk = downsideRisk(there, periodsPerYear, minimumAcceptable)
  if (there.length < 2 || risk === undefined || risk < LEAST_DEVIATION * rootOfYear(periodsPerYear)) return undefined
  return figure(((mean(there) - minimumAcceptable) * periodsPerYear) / risk)
}
