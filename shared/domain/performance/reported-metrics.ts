import { observedPairs } from '../statistics/observed.ts'
import { type PerformanceOptions, type PerformanceSummary, performanceSummary } from './performance-summary.ts'

/** Fewer returns than this say nothing: a month of daily ones. */
export const NEEDED_OBSERVATIONS = 20

/** A figure with what it rests on, or that it would rest on too little. */
export type ReportedFigure =
  | {
      readonly value: number | undefined // undefined by its definition, however many the returns
      readonly n: number
      readonly periodsPerYear: number
    }
  | { readonly insufficient: true; readonly n: number; readonly needed: number }

type FigureName = Exclude<keyof PerformanceSummary, 'n'>

export type ReportedMetrics = { readonly [Name in FigureName]: ReportedFigure }

/**
 * The summary as reports show it: every figure with the number of returns it rests on (of pairs where there is a benchmark in
 * it), and `insufficient` instead of a wild number below 20.
 */
export function reportedMetrics(returns: ArrayLike<number>, options: PerformanceOptions): ReportedMetrics {
  const { periodsPerYear, benchmark } = options
  const summary = performanceSummary(returns, options)
  const pairCount = benchmark ? observedPairs(returns, benchmark)[0].length : 0

  const report = (value: number | undefined, n: number): ReportedFigure =>
    n < NEEDED_OBSERVATIONS ? { insufficient: true, n, needed: NEEDED_OBSERVATIONS } : { value, n, periodsPerYear }
  const own = (name: FigureName) => report(summary[name], summary.n)
  const relative = (name: FigureName) => report(summary[name], pairCount)
  return {
    cumulativeReturn: own('cumulativeReturn'),
    annualReturn: own('annualReturn'),
    annualVolatility: own('annualVolatility'),
    sharpe: own('sharpe'),
    sortino: own('sortino'),
    maxDrawdown: own('maxDrawdown'),
    calmar: own('calmar'),
    omega: own('omega'),
    tailRatio: own('tailRatio'),
    var95: own('var95'),
    cvar95: own('cvar95'),
    winRate: own('winRate'),
    alpha: relative('alpha'),
    beta: relative('beta'),
    trackingError: relative('trackingError'),
    informationRatio: relative('informationRatio'),
  }
}
