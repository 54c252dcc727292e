import type { Mandate } from '../mandate/mandate.ts'
import { compare, isZero, subtract, toNumber, toText, ZERO } from '../money/decimal.ts'
import { maxDrawdown } from '../performance/max-drawdown.ts'
import { type ReportedFigure, reportedMetrics } from '../performance/reported-metrics.ts'
import { driftFrom } from './drift.ts'
import { type FundHistory, SESSIONS_PER_YEAR } from './measure-fund.ts'
import { returnsOf } from './returns-of.ts'
import { shareOf } from './session-result.ts'
import type { Alert, PositionMark, Snapshot } from './snapshot.ts'

type Limits = Mandate['alerts']

/** Sessions over which a drawdown alarms. */
const DRAWDOWN_SESSIONS = 30

/**
 * The conditions of the mandate that hold at the last session, in order of name:
 * - critical: `drawdown` of the last 30 sessions; `value-at-risk`, historical, of one session, at 95 %, from the last 252 returns or what
 *   there is of them from 20 on; `negative-cash`;
 * - warnings: `name-weight:<symbol>`, `unrealised-loss:<symbol>` over its cost, `price-age:<symbol>` in sessions; `drift` from the newest
 *   targets; `tracking-error`, annualised, over the same returns as the value at risk.
 *
 * A value at its limit is within it. What cannot be known raises nothing.
 */
export function alertConditions({ snapshots, marks, targets }: FundHistory, limits: Limits): Alert[] {
  const drift = targets && driftFrom(marks, targets)
  const alerts = [
    ...fundAlerts(snapshots, limits),
    ...marks.flatMap((mark) => positionAlerts(mark, limits)),
    ...above('drift', 'warning', drift, limits.maximumDrift, (value, limit) => {
      return `${percent(value)} of the fund lies off its targets, limit ${percent(limit)}`
    }),
  ]
  return alerts.sort((a, b) => (a.alert < b.alert ? -1 : 1))
}

function fundAlerts(snapshots: readonly Snapshot[], limits: Limits): Alert[] {
  const last = snapshots.at(-1)
  if (!last) return []
  const year = returnsOf(snapshots.slice(-SESSIONS_PER_YEAR))
  const metrics = reportedMetrics(year.returns, { periodsPerYear: SESSIONS_PER_YEAR, benchmark: year.benchmark })
  const drawdown = maxDrawdown(year.returns.subarray(-DRAWDOWN_SESSIONS))
  const valueAtRisk = known(metrics.var95)
  const overdrawn = compare(last.cash, ZERO) < 0 ? -toNumber(last.cash) : undefined
  return [
    ...above('drawdown', 'critical', negative(drawdown), limits.maximumDrawdown, (value, limit) => {
      return `${percent(value)} lost from the highest value of the last ${DRAWDOWN_SESSIONS} sessions, limit ${percent(limit)}`
    }),
    ...above('value-at-risk', 'critical', negative(valueAtRisk), limits.maximumValueAtRisk, (value, limit) => {
      return `One session in twenty may lose ${percent(value)} of the value or more, limit ${percent(limit)}`
    }),
    ...above('tracking-error', 'warning', known(metrics.trackingError), limits.maximumTrackingError, (value, limit) => {
      return `Tracking error of ${percent(value)} a year against the benchmark, limit ${percent(limit)}`
    }),
    ...above('negative-cash', 'critical', overdrawn, 0, () => `Cash is ${toText(last.cash)}, below zero`),
  ]
}

function positionAlerts({ symbol, weight, value, unrealised, price, priceAge }: PositionMark, limits: Limits): Alert[] {
  const cost = subtract(value, unrealised)
  const loss = isZero(cost) ? undefined : -shareOf(unrealised, cost)
  return [
    ...above(`name-weight:${symbol}`, 'warning', weight, limits.maximumNameWeight, (share, limit) => {
      return `${symbol} is ${percent(share)} of the fund, limit ${percent(limit)}`
    }),
    ...above(`unrealised-loss:${symbol}`, 'warning', loss, limits.maximumUnrealisedLoss, (share, limit) => {
      return `${symbol} is ${percent(share)} below its cost, limit ${percent(limit)}`
    }),
    ...above(`price-age:${symbol}`, 'warning', priceAge, limits.maximumPriceAgeSessions, (age, limit) => {
      return `${symbol} has had no close for ${age} sessions and is carried at ${toText(price)}, limit ${limit}`
    }),
  ]
}

/** The alert when the value is above its threshold; none for a value that is not known. */
function above(
  alert: string,
  severity: Alert['severity'],
  value: number | undefined,
  threshold: number,
  say: (value: number, threshold: number) => string,
): Alert[] {
  if (value === undefined || !(value > threshold)) return []
  return [{ alert, severity, message: say(value, threshold), value, threshold }]
}

function known(figure: ReportedFigure): number | undefined {
  return 'insufficient' in figure ? undefined : figure.value
}

/** A loss as a positive number. */
function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)} %`
}
