import { sampleDeviation } from '../statistics/deviation.ts'
import { figure } from '../statistics/figure.ts'
import { observed } from '../statistics/observed.ts'
import { rootOfYear } from './annualisation.ts'

/** Annualised sample deviation of periodic returns, × √periodsPerYear. Missing returns are dropped; undefined below two. */
export function annualVolatility(returns: ArrayLike<number>, periodsPerYear: number): number | undefined {
  return figure(sampleDeviation(observed(returns)) * rootOfYear(periodsPerYear))
}
