import { centredProducts } from '../statistics/centred-products.ts'
import { figure } from '../statistics/figure.ts'
import { mean } from '../statistics/mean.ts'
import { observedPairs } from '../statistics/observed.ts'
import { checkedPeriods } from './annualisation.ts'

/** A benchmark with less variance than this stands still, as empyrical has it. */
const LEAST_VARIANCE = 1e-30

/**
 * How far the returns follow a benchmark's: Σ(b − b̄)(r − r̄) / Σ(b − b̄)². Rows that lack one of the two are dropped.
 * Undefined for fewer than two pairs, or a benchmark that does not move. A constant risk-free rate changes nothing.
 */
export function beta(returns: ArrayLike<number>, benchmark: ArrayLike<number>): number | undefined {
  const [own, market] = observedPairs(returns, benchmark)
  const squares = centredProducts(market, market)
  if (squares / own.length < LEAST_VARIANCE) return undefined
  return figure(centredProducts(market, own) / squares)
}

/**
 * Annual return that the benchmark does not explain, compounded: (1 + mean(r − riskFree − beta × (b − riskFree)))^periodsPerYear
 * − 1. Rows that lack one of the two are dropped. Undefined where beta is.
 * @param riskFree per period, as the returns.
 * @see Jensen (1968), "The Performance of Mutual Funds in the Period 1945-1964", J. Finance 23(2); compounded as empyrical.
 */
export function alpha(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  periodsPerYear: number,
  riskFree = 0,
): number | undefined {
  checkedPeriods(periodsPerYear)
  const [own, market] = observedPairs(returns, benchmark)
  const slope = beta(own, market)
  if (slope === undefined) return undefined
  const unexplained = mean(own) - riskFree - slope * (mean(market) - riskFree)
  return unexplained < -1 ? undefined : figure((1 + unexplained) ** periodsPerYear - 1)
}
