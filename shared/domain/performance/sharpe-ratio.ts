import { sampleDeviation } from '../statistics/deviation.ts'
import { figure } from '../statistics/figure.ts'
import { mean } from '../statistics/mean.ts'
import { observed } from '../statistics/observed.ts'
import { rootOfYear } from './annualisation.ts'

/** A deviation below this is the rounding of returns that never move; a ratio to it would be wild. */
export const LEAST_DEVIATION = 1e-12

/**
 * Annualised Sharpe ratio of periodic returns above a constant risk-free rate: (mean − riskFree) / sample deviation ×
 * √periodsPerYear. Missing returns are dropped. Undefined for fewer than two, or a deviation below 1e-12, so a flat series
 * can never top a ranking.
 * @param riskFree per period, as the returns.
 * @see Sharpe (1994), "The Sharpe Ratio", J. Portfolio Management 21(1).
 */
export function sharpeRatio(returns: ArrayLike<number>, periodsPerYear: number, riskFree = 0): number | undefined {
  const root = rootOfYear(periodsPerYear)
  const there = observed(returns)
  const deviation = sampleDeviation(there)
  return deviation < LEAST_DEVIATION ? undefined : figure(((mean(there) - riskFree) / deviation) * root)
}
