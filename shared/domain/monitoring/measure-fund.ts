import { groupBy } from '../group-by.ts'
import type { Mandate } from '../mandate/mandate.ts'
import { toNumber } from '../money/decimal.ts'
import { incomeYield } from '../performance/income-yield.ts'
import { drawdowns } from '../performance/max-drawdown.ts'
import { type ReportedMetrics, reportedMetrics } from '../performance/reported-metrics.ts'
import { sum } from '../statistics/sum.ts'
import { driftFrom, type TargetWeights } from './drift.ts'
import { returnsOf } from './returns-of.ts'
import type { Figure, PositionMark, Snapshot } from './snapshot.ts'

/** The fund is marked at the sessions of the NYSE. */
export const SESSIONS_PER_YEAR = 252
/** A month, a quarter and a year of sessions; figures over them carry the number in their name. */
export const WINDOWS = [21, 63, SESSIONS_PER_YEAR] as const
/** Most companies pay dividends by the quarter: of less there is no yield. */
const QUARTER = 63
const TOP_NAMES = 5

export interface FundHistory {
  /** All up to the session looked at, ascending. */
  readonly snapshots: readonly Snapshot[]
  /** Of the last one. */
  readonly marks: readonly PositionMark[]
  /** Of the newest order report up to it; undefined before the first. */
  readonly targets: TargetWeights | undefined
}

/**
 * Every figure as of the last session, in order of name within its group:
 * - performance since inception (`sharpe`) and over the last 21, 63 and 252 sessions (`sharpe_252`), with a risk-free rate of 0;
 * - `drawdown`, where the fund stands below its highest value;
 * - `exposure.cash`, `exposure.top_five`, `exposure.sector.<sector>` and `exposure.name.<symbol>`: shares of the value;
 * - `drift` from the newest targets, `turnover_252` and `income_yield_252` over the last year or what there is of it, the yield annualised, and
 *   `income_over_target_252`, the yield over the mandate's.
 *
 * Below 20 returns, or before a window is full, a figure is insufficient; one that its definition leaves undefined (a Sortino ratio without
 * a loss) is left out.
 */
export function measureFund({ snapshots, marks, targets }: FundHistory, income: Mandate['income']): Figure[] {
  return [
    ...performanceFigures(snapshots, ''),
    ...WINDOWS.flatMap((sessions) => windowFigures(snapshots, sessions)),
    ...drawdownFigure(snapshots),
    ...exposureFigures(snapshots, marks),
    ...driftFigure(marks, targets),
    ...yearFigures(snapshots.slice(-SESSIONS_PER_YEAR), income.target),
  ]
}

/** The figures of a series of returns by their names, as `calc metrics` has them, and whether their definition has a year in it. */
const METRICS = {
  cumulativeReturn: ['cumulative_return', false],
  annualReturn: ['annual_return', true],
  annualVolatility: ['annual_volatility', true],
  sharpe: ['sharpe', true],
  sortino: ['sortino', true],
  maxDrawdown: ['max_drawdown', false],
  calmar: ['calmar', true],
  omega: ['omega', false],
  tailRatio: ['tail_ratio', false],
  var95: ['var_95', false],
  cvar95: ['cvar_95', false],
  winRate: ['win_rate', false],
  alpha: ['alpha', true],
  beta: ['beta', false],
  trackingError: ['tracking_error', true],
  informationRatio: ['information_ratio', true],
} as const satisfies Record<keyof ReportedMetrics, readonly [name: string, annualised: boolean]>

function performanceFigures(snapshots: readonly Snapshot[], suffix: string): Figure[] {
  const { returns, benchmark } = returnsOf(snapshots)
  const metrics = reportedMetrics(returns, { periodsPerYear: SESSIONS_PER_YEAR, benchmark })
  return Object.entries(METRICS).flatMap(([key, [metric, annualised]]): Figure[] => {
    const name = metric + suffix
    const figure = metrics[key as keyof ReportedMetrics]
    if ('insufficient' in figure) return [{ name, ...figure }]
    const { value, n, periodsPerYear } = figure
    return value === undefined ? [] : [{ name, value, n, periodsPerYear: annualised ? periodsPerYear : undefined }]
  })
}

function windowFigures(snapshots: readonly Snapshot[], sessions: number): Figure[] {
  if (snapshots.length >= sessions) return performanceFigures(snapshots.slice(-sessions), `_${sessions}`)
  return Object.values(METRICS).map(([metric]) => {
    return { name: `${metric}_${sessions}`, insufficient: true, n: snapshots.length, needed: sessions }
  })
}

function drawdownFigure(snapshots: readonly Snapshot[]): Figure[] {
  const value = drawdowns(returnsOf(snapshots).returns).at(-1)
  return value === undefined ? [] : [plain('drawdown', value, snapshots.length)]
}

function exposureFigures(snapshots: readonly Snapshot[], marks: readonly PositionMark[]): Figure[] {
  const last = snapshots.at(-1)
  if (!last || toNumber(last.value) <= 0) return []
  const weightOf = (some: readonly PositionMark[]) => sum(some.map(({ weight }) => weight))
  const sectors = [...groupBy(marks, ({ sector }) => sector)].sort(([a], [b]) => (a < b ? -1 : 1))
  const names = marks.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))
  return [
    plain('exposure.cash', toNumber(last.cash) / toNumber(last.value)),
    plain('exposure.top_five', weightOf(marks.slice(0, TOP_NAMES))),
    ...sectors.map(([sector, some]) => plain(`exposure.sector.${sector}`, weightOf(some))),
    ...names.map(({ symbol, weight }) => plain(`exposure.name.${symbol}`, weight)),
  ]
}

function driftFigure(marks: readonly PositionMark[], targets: TargetWeights | undefined): Figure[] {
  if (!targets) return [{ name: 'drift', insufficient: true, n: 0, needed: 1 }]
  const drift = driftFrom(marks, targets)
  return drift === undefined ? [] : [plain('drift', drift)]
}

function yearFigures(year: readonly Snapshot[], target: number): Figure[] {
  const n = year.length
  const income = year.map((snapshot) => toNumber(snapshot.income))
  const values = year.map((snapshot) => toNumber(snapshot.value))
  const turnover = plain('turnover_252', sum(year.map((snapshot) => snapshot.turnover)), n)
  const names = ['income_yield_252', 'income_over_target_252'] as const
  if (n < QUARTER) return [turnover, ...names.map((name): Figure => ({ name, insufficient: true, n, needed: QUARTER }))]
  const earned = incomeYield(income, values, SESSIONS_PER_YEAR)
  if (earned === undefined) return [turnover]
  const periodsPerYear = SESSIONS_PER_YEAR
  const yearly: Figure = { name: names[0], value: earned, n, periodsPerYear }
  return target > 0
    ? [turnover, yearly, { name: names[1], value: earned / target, n, periodsPerYear }]
    : [turnover, yearly]
}

function plain(name: string, value: number, n = 1): Figure {
  return { name, value, n, periodsPerYear: undefined }
}
