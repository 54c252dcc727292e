import { groupBy } from '../../domain/group-by.ts'
import { sessionToMs } from '../../domain/market/session.ts'
import type { DailyReport } from '../../domain/monitoring/daily-report.ts'
import { WINDOWS } from '../../domain/monitoring/measure-fund.ts'
import { monthlyReturns } from '../../domain/monitoring/monthly-returns.ts'
import { returnsOf } from '../../domain/monitoring/returns-of.ts'
import type { Figure } from '../../domain/monitoring/snapshot.ts'
import { drawdowns } from '../../domain/performance/max-drawdown.ts'
import { sum } from '../../domain/statistics/sum.ts'
import { drawdownChart } from '../html/charts/drawdown-chart.ts'
import { heatMap } from '../html/charts/heat-map.ts'
import { lineChart } from '../html/charts/line-chart.ts'
import { pairedBars } from '../html/charts/paired-bars.ts'
import { type Html, html } from '../html/html.ts'
import { percent, plain } from '../html/numbers.ts'
import { section } from '../html/section.ts'
import { table } from '../html/table.ts'

/** How each figure is shown. */
const SHOWN: readonly (readonly [name: string, label: string, unit: 'percent' | 'number'])[] = [
  ['cumulative_return', 'Cumulative return', 'percent'],
  ['annual_return', 'Annual return', 'percent'],
  ['annual_volatility', 'Volatility', 'percent'],
  ['sharpe', 'Sharpe ratio (risk-free 0)', 'number'],
  ['sortino', 'Sortino ratio', 'number'],
  ['max_drawdown', 'Maximum drawdown', 'percent'],
  ['calmar', 'Calmar ratio', 'number'],
  ['omega', 'Omega ratio', 'number'],
  ['tail_ratio', 'Tail ratio', 'number'],
  ['win_rate', 'Sessions with a gain', 'percent'],
  ['var_95', 'Value at risk, 95 %, one session', 'percent'],
  ['cvar_95', 'Expected shortfall, 95 %, one session', 'percent'],
  ['beta', 'Beta', 'number'],
  ['alpha', 'Alpha', 'percent'],
  ['tracking_error', 'Tracking error', 'percent'],
  ['information_ratio', 'Information ratio', 'number'],
]
const OTHERS: typeof SHOWN = [
  ['drawdown', 'Below the highest value', 'percent'],
  ['exposure.top_five', 'Share of the five largest names', 'percent'],
  ['drift', 'Distance from the targets, one-way', 'percent'],
  ['turnover_252', 'Turnover of a year, one-way', 'percent'],
  ['income_yield_252', 'Income of a year over the value', 'percent'],
  ['income_over_target_252', 'Income over its target', 'number'],
]
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec', 'Year']
/** A month's return of this size has the deepest colour. */
const DEEPEST_MONTH = 0.1

/** Weights of names and sectors beside their targets and caps. */
export function exposureSection({ marks, nameCap, sectorCap }: DailyReport): Html {
  const target = (weights: readonly (number | undefined)[]) => sum(weights.map((weight) => weight ?? 0))
  const sectors = [...groupBy(marks, ({ sector }) => sector)].map(([label, some]) => ({
    label,
    actual: sum(some.map(({ weight }) => weight)),
    target: target(some.map(({ targetWeight }) => targetWeight)),
  }))
  return section({
    id: 'exposure',
    title: 'Exposure',
    body: html`${pairedBars({
      title: 'Sectors',
      names: ['Weight', 'Target'],
      pairs: sectors.sort((a, b) => b.actual - a.actual || (a.label < b.label ? -1 : 1)),
      cap: { value: sectorCap, label: `Cap ${percent(sectorCap)}` },
    })}${pairedBars({
      title: 'Names',
      names: ['Weight', 'Target'],
      pairs: marks.map(({ symbol, weight, targetWeight = Number.NaN }) => {
        return { label: symbol, actual: weight, target: targetWeight }
      }),
      cap: { value: nameCap, label: `Cap ${percent(nameCap)}` },
    })}`,
  })
}

/** Value and drawdown against the benchmark, returns by month, and every figure with what it rests on. */
export function tearSheet(report: DailyReport): Html {
  const { snapshots, benchmark, figures } = report
  const at = snapshots.map(({ session }) => sessionToMs(session))
  const own = returnsOf(snapshots)
  return section({
    id: 'tear-sheet',
    title: 'Tear sheet',
    body: html`${lineChart({
      title: 'Growth of 1',
      at,
      series: [
        { label: 'Fund', values: growthBySession(own.returns) },
        { label: benchmark, values: growthBySession(own.benchmark) },
      ],
    })}${drawdownChart({ title: 'Below the highest value so far', at, drawdowns: drawdowns(own.returns) })}${heatMap({
      title: 'Returns by month',
      columns: MONTHS,
      rows: monthlyReturns(snapshots).map(({ year, months, whole }) => ({ label: year, values: [...months, whole] })),
      deepest: DEEPEST_MONTH,
      lastApart: true,
    })}${performanceTable(figures)}${othersTable(report)}`,
  })
}

/** A session without a return leaves the line where it was. */
function growthBySession(returns: Float64Array): Float64Array {
  let growth = 1
  return returns.map((value) => {
    if (!Number.isNaN(value)) growth *= 1 + value
    return growth
  })
}

function performanceTable(figures: readonly Figure[]): Html {
  const byName = new Map(figures.map((figure) => [figure.name, figure]))
  const over = (suffix: string, header: string) =>
    ({
      header,
      align: 'right',
      cell: ([name, , unit]: (typeof SHOWN)[number]) => shown(byName.get(name + suffix), unit),
    }) as const
  return table({
    caption: 'Performance and risk',
    columns: [
      { header: 'Figure', rowHeader: true, cell: ([, label]) => label },
      over('', 'Since inception'),
      ...WINDOWS.toReversed().map((sessions) => over(`_${sessions}`, `${sessions} sessions`)),
    ],
    rows: SHOWN,
    empty: 'Nothing was measured.',
  })
}

function othersTable({ figures, incomeTarget }: DailyReport): Html {
  const byName = new Map(figures.map((figure) => [figure.name, figure]))
  return table({
    caption: `Drift, turnover and income (target ${percent(incomeTarget)} a year)`,
    columns: [
      { header: 'Figure', rowHeader: true, cell: ([, label]) => label },
      { header: 'Value', align: 'right', cell: ([name, , unit]) => shown(byName.get(name), unit) },
    ],
    rows: OTHERS,
    empty: 'Nothing was measured.',
  })
}

/** The number with what it rests on. One that is not there has no value by its definition. */
function shown(figure: Figure | undefined, unit: 'percent' | 'number'): Html {
  if (!figure) return html`<span title="Undefined for these returns">–</span>`
  if ('insufficient' in figure) return html`insufficient data <small>(${figure.n} of ${figure.needed})</small>`
  const { value, n, periodsPerYear } = figure
  const basis = periodsPerYear === undefined ? `n ${n}` : `n ${n}, annualised by ${periodsPerYear}`
  return html`${unit === 'percent' ? percent(value, 2) : plain(value)} <small>(${basis})</small>`
}
