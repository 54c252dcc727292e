import { msToSession } from '../../../domain/market/session.ts'
import { type Content, type Html, html } from '../html.ts'
import { percent } from '../numbers.ts'
import { figure } from './frame.ts'
import { areaPath, linePath, runsOf } from './paths.ts'
import { checkTimes, describeSeries, extentOf, type Level, timePlot } from './time-plot.ts'

export interface DrawdownChart {
  readonly title: string
  readonly at: ArrayLike<number> // UTC ms, strictly ascending
  /** Fractions at or below zero: −0.2 is a fifth below the highest value so far. NaN where there is none. */
  readonly drawdowns: ArrayLike<number>
  readonly levels?: readonly Level[]
  readonly heightPx?: number
  readonly note?: Content
}

/** How far below its highest value something was: an area that hangs from zero. Throws RangeError for a drawdown above zero. */
export function drawdownChart({ title, at, drawdowns, levels = [], heightPx = 180, note }: DrawdownChart): Html {
  checkTimes(title, at, [['Drawdown', drawdowns]])
  const extent = extentOf([drawdowns])
  if (!extent) return figure(title, [], html`<p class="empty">No values.</p>`, note)
  if (extent.high > 0) throw new RangeError(`A drawdown of "${title}" is above zero: ${extent.high}`)

  const low = Math.min(extent.low, ...levels.map(({ value }) => value))
  const last = drawdowns[drawdowns.length - 1]
  const deepest = Array.prototype.indexOf.call(drawdowns, extent.low)
  const value = `now ${percent(last)}, deepest ${percent(extent.low)} on ${msToSession(at[deepest])}`
  const plot = timePlot({
    title,
    description: describeSeries('Drawdown', at, drawdowns, 'percent'),
    at,
    // Without any loss there is still an axis to see that on.
    low: low < 0 ? low : -0.01,
    high: 0,
    unit: 'percent',
    levels,
    heightPx,
    draw(scale) {
      const runs = runsOf(at, drawdowns, scale)
      return html`<path class="area series-2" d="${areaPath(runs, 0)}"/><path class="line series-2" d="${linePath(runs)}"/>\n`
    },
  })
  return figure(title, [{ label: 'Drawdown', sample: 'line series-2', kind: 'line', value }], plot, note)
}
