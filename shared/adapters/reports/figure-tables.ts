import { WINDOWS } from '../../domain/monitoring/measure-fund.ts'
import type { Figure } from '../../domain/monitoring/snapshot.ts'
import { type Html, html } from '../html/html.ts'
import { percent, plain } from '../html/numbers.ts'
import { table } from '../html/table.ts'

type ShownFigure = readonly [name: string, label: string, unit: 'percent' | 'number']

const PERFORMANCE: readonly ShownFigure[] = [
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
const OTHERS: readonly ShownFigure[] = [
  ['drawdown', 'Below the highest value', 'percent'],
  ['exposure.top_five', 'Share of the five largest names', 'percent'],
  ['drift', 'Distance from the targets, one-way', 'percent'],
  ['turnover_252', 'Turnover of a year, one-way', 'percent'],
  ['income_yield_252', 'Income of a year over the value', 'percent'],
  ['income_over_target_252', 'Income over its target', 'number'],
]

/** Every figure of performance and risk over every window, each with the observations it rests on. */
export function performanceTable(figures: readonly Figure[]): Html {
  const byName = new Map(figures.map((figure) => [figure.name, figure]))
  const over = (suffix: string, header: string) =>
    ({
      header,
      align: 'right',
      cell: ([name, , unit]: ShownFigure) => shown(byName.get(name + suffix), unit),
    }) as const
  return table({
    caption: 'Performance and risk',
    columns: [
      { header: 'Figure', rowHeader: true, cell: ([, label]) => label },
      over('', 'Since inception'),
      ...WINDOWS.toReversed().map((sessions) => over(`_${sessions}`, `${sessions} sessions`)),
    ],
    rows: figures.length === 0 ? [] : PERFORMANCE,
    empty: 'Nothing is measured yet.',
  })
}

/** What is measured of the fund beside its returns. The income target is a fraction a year. */
export function otherFiguresTable(figures: readonly Figure[], incomeTarget: number): Html {
  const byName = new Map(figures.map((figure) => [figure.name, figure]))
  return table({
    caption: `Drift, turnover and income (target ${percent(incomeTarget)} a year)`,
    columns: [
      { header: 'Figure', rowHeader: true, cell: ([, label]) => label },
      { header: 'Value', align: 'right', cell: ([name, , unit]) => shown(byName.get(name), unit) },
    ],
    rows: figures.length === 0 ? [] : OTHERS,
    empty: 'Nothing is measured yet.',
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
