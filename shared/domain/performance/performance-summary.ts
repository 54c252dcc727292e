import { conditionalValueAtRisk } from '../risk/conditional-value-at-risk.ts'
import { historicalValueAtRisk } from '../risk/value-at-risk.ts'
import { observed } from '../statistics/observed.ts'
import { alpha, beta } from './alpha-beta.ts'
import { annualReturn } from './annual-return.ts'
import { annualVolatility } from './annual-volatility.ts'
import { calmarRatio } from './calmar-ratio.ts'
import { cumulativeReturn } from './cumulative-return.ts'
import { informationRatio } from './information-ratio.ts'
import { maxDrawdown } from './max-drawdown.ts'
import { omegaRatio } from './omega-ratio.ts'
import { sharpeRatio } from './sharpe-ratio.ts'
import { sortinoRatio } from './sortino-ratio.ts'
import { tailRatio } from './tail-ratio.ts'
import { trackingError } from './tracking-error.ts'
import { winRate } from './win-rate.ts'

export interface PerformanceOptions {
  /** 252 for daily returns, 52 weekly, 12 monthly, 365 where every day is traded. */
  readonly periodsPerYear: number
  /** Per period; in Sharpe ratio and alpha. */
  readonly riskFree?: number
  /** Per period; in the Sortino ratio. */
  readonly minimumAcceptable?: number
  /** Returns of the same periods, row by row. */
  readonly benchmark?: ArrayLike<number>
}

/** Every figure of a series of returns; what is not defined is undefined, never infinite or NaN. */
export interface PerformanceSummary {
  /** Returns that are there. */
  readonly n: number
  readonly cumulativeReturn: number | undefined
  readonly annualReturn: number | undefined
  readonly annualVolatility: number | undefined
  readonly sharpe: number | undefined
  readonly sortino: number | undefined
  readonly maxDrawdown: number | undefined
  readonly calmar: number | undefined
  readonly omega: number | undefined // threshold 0
  readonly tailRatio: number | undefined
  readonly var95: number | undefined
  readonly cvar95: number | undefined
  readonly winRate: number | undefined
  readonly alpha: number | undefined
  readonly beta: number | undefined
  readonly trackingError: number | undefined
  readonly informationRatio: number | undefined
}

/**
 * All figures of simple periodic returns in empyrical's conventions. Missing returns (NaN) count as 0 in the cumulative return,
 * and as time passed in the annual one; elsewhere they are dropped, against a benchmark by pairs. Without one, the last four
 * are undefined.
 * @see empyrical, `stats.py`.
 */
export function performanceSummary(
  returns: ArrayLike<number>,
  { periodsPerYear, riskFree = 0, minimumAcceptable = 0, benchmark }: PerformanceOptions,
): PerformanceSummary {
  const there = observed(returns)
  return {
    n: there.length,
    cumulativeReturn: cumulativeReturn(returns),
    annualReturn: annualReturn(returns, periodsPerYear),
    annualVolatility: annualVolatility(there, periodsPerYear),
    sharpe: sharpeRatio(there, periodsPerYear, riskFree),
    sortino: sortinoRatio(there, periodsPerYear, minimumAcceptable),
    maxDrawdown: maxDrawdown(there),
    calmar: calmarRatio(returns, periodsPerYear),
    omega: omegaRatio(there),
    tailRatio: tailRatio(there),
    var95: historicalValueAtRisk(there),
    cvar95: conditionalValueAtRisk(there),
    winRate: winRate(there),
    alpha: benchmark && alpha(returns, benchmark, periodsPerYear, riskFree),
    beta: benchmark && beta(returns, benchmark),
    trackingError: benchmark && trackingError(returns, benchmark, periodsPerYear),
    informationRatio: benchmark && informationRatio(returns, benchmark, periodsPerYear),
  }
}
