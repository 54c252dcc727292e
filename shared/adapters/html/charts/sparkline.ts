import { type Html, html } from '../html.ts'
import { linePath, PLOT_SIZE, plotScale, runsOf } from './paths.ts'
import { extentOf } from './time-plot.ts'

/** Two pixels of so small a drawing. */
const COLUMN = 16

/** A line as small as a word, for a cell of a table: evenly spaced values, the last one in words in its label. Empty without values. */
export function sparkline(values: ArrayLike<number>, label: string): Html {
  const extent = extentOf([values])
  if (!extent) return html``
  const flat = extent.high === extent.low
  const scale = plotScale(0, values.length - 1, extent.low - (flat ? 1 : 0), extent.high + (flat ? 1 : 0))
  const places = Array.from({ length: values.length }, (_, i) => i)
  const path = linePath(runsOf(places, values, scale, COLUMN))
  return html`<svg class="sparkline" role="img" width="120" height="28" viewBox="0 -60 ${PLOT_SIZE} ${PLOT_SIZE + 120}" preserveAspectRatio="none"><title>${label}</title><path class="line series-1" d="${path}"/></svg>`
}
