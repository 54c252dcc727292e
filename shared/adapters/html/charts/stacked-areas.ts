import { type Content, type Html, html } from '../html.ts'
import { figure, seriesClass } from './frame.ts'
import { bandPath } from './paths.ts'
import { checkTimes, describeSeries, timePlot } from './time-plot.ts'
import { type Unit, valueText } from './units.ts'

export interface StackedAreas {
  readonly title: string
  readonly at: ArrayLike<number> // UTC ms, strictly ascending
  /** From the bottom up; nothing below zero. NaN counts as nothing. */
  readonly parts: readonly { readonly label: string; readonly values: ArrayLike<number> }[]
  readonly unit?: Unit
  readonly heightPx?: number
  readonly note?: Content
}

/** Parts of a whole over time, one upon the other: wealth by sector. Throws RangeError for a part below zero. */
export function stackedAreas({ title, at, parts, unit = 'number', heightPx = 280, note }: StackedAreas): Html {
  checkTimes(
    title,
    at,
    parts.map(({ label, values }) => [label, values] as const),
  )
  if (at.length === 0 || parts.length === 0) return figure(title, [], html`<p class="empty">No values.</p>`, note)

  const edges = [new Float64Array(at.length)]
  for (const { label, values } of parts) {
    const below = edges[edges.length - 1]
    edges.push(
      below.map((sum, i) => {
        if (values[i] < 0) throw new RangeError(`"${label}" of "${title}" is below zero: ${values[i]}`)
        return sum + (Number.isNaN(values[i]) ? 0 : values[i])
      }),
    )
  }
  const whole = edges[edges.length - 1]
  const last = at.length - 1
  const plot = timePlot({
    title,
    description: [
      describeSeries('Whole', at, whole, unit),
      ...parts.map(({ label, values }) => `${label}: ${valueText(values[last], unit)} at the end.`),
    ].join(' '),
    at,
    low: 0,
    high: whole.reduce((most, value) => Math.max(most, value), 0),
    unit,
    heightPx,
    draw: (scale) =>
      parts.map(
        (_, i) => html`<path class="stack ${seriesClass(i)}" d="${bandPath(at, edges[i], edges[i + 1], scale)}"/>\n`,
      ),
  })
  const legend = parts.map(({ label, values }, i) => ({
    label,
    sample: `stack ${seriesClass(i)}`,
    kind: 'area' as const,
    value: valueText(values[last], unit),
  }))
  // The same order as in the plot, from the top.
  return figure(title, legend.reverse(), plot, note)
}
