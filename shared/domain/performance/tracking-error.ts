import { sampleDeviation } from '../statistics/deviation.ts'
import { figure } from '../statistics/figure.ts'
import { observedPairs } from '../statistics/observed.ts'
import { rootOfYear } from './annualisation.ts'

/** The returns above the benchmark's, by row; rows that lack one of the two are dropped. */
export function activeReturns(returns: ArrayLike<number>, benchmark: ArrayLike<number>): Float64Array {
  const [own, market] = observedPairs(returns, benchmark)
  return own.map((value, row) => value - market[row])
}

/** Annualised sample deviation of the active returns, × √periodsPerYear. Undefined for fewer than two pairs. */
export function trackingError(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  periodsPerYear: number,
): number | undefined {
  return figure(sampleDeviation(activeReturns(returns, benchmark)) * rootOfYear(periodsPerYear))
}
