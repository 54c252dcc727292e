import { groupBy } from '../../domain/group-by.ts'
import { sessionToMs } from '../../domain/market/session.ts'
import type { DailyReport } from '../../domain/monitoring/daily-report.ts'
import { monthlyReturns } from '../../domain/monitoring/monthly-returns.ts'
import { returnsOf } from '../../domain/monitoring/returns-of.ts'
import { drawdowns } from '../../domain/performance/max-drawdown.ts'
import { sum } from '../../domain/statistics/sum.ts'
import { drawdownChart } from '../html/charts/drawdown-chart.ts'
import { heatMap } from '../html/charts/heat-map.ts'
import { lineChart } from '../html/charts/line-chart.ts'
import { pairedBars } from '../html/charts/paired-bars.ts'
import { type Html, html } from '../html/html.ts'
import { percent } from '../html/numbers.ts'
import { section } from '../html/section.ts'
import { otherFiguresTable, performanceTable } from './figure-tables.ts'

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
  const { snapshots, benchmark, figures, incomeTarget } = report
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
    })}${performanceTable(figures)}${otherFiguresTable(figures, incomeTarget)}`,
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
