import { type Content, type Html, html } from '../html.ts'
import { percent, plain } from '../numbers.ts'
import { HEAT_DEPTHS } from '../stylesheet.ts'
import type { Unit } from './units.ts'

export interface HeatMap {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly { readonly label: string; readonly values: ArrayLike<number> }[] // NaN where there is none
  /** The size of value, above or below zero, that has the deepest colour: 1 for correlations, 0.1 for monthly returns. */
  readonly deepest: number
  readonly unit?: Unit
  readonly digits?: number
  /** Sets the last column apart, a sum of the others. */
  readonly lastApart?: boolean
  readonly note?: Content
}

/**
 * Numbers with their size as colour: months by years, correlations of a few names. For many names see `heatGrid`. Throws
 * RangeError when a row has not one value a column.
 */
export function heatMap({
  title,
  columns,
  rows,
  deepest,
  unit = 'percent',
  digits,
  lastApart = false,
  note,
}: HeatMap): Html {
  const shown = (value: number) => (unit === 'percent' ? percent(value, digits ?? 1) : plain(value, digits ?? 2))
  const apart = (i: number) => lastApart && i === columns.length - 1
  for (const { label, values } of rows) {
    if (values.length === columns.length) continue
    throw new RangeError(`Row "${label}" of "${title}" has ${values.length} values for ${columns.length} columns`)
  }
  if (rows.length === 0)
    return html`<figure><figcaption>${title}</figcaption><p class="empty">No values.</p></figure>\n`
  const cell = (value: number, i: number) => {
    const name = [heatClass(value, deepest), apart(i) && 'apart'].filter(Boolean).join(' ')
    return html`<td ${name && html`class="${name}"`}>${shown(value)}</td>`
  }
  return html`<figure>
<figcaption>${title}</figcaption>
<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="heat">
<thead><tr><td></td>${columns.map((column, i) => html`<th scope="col" ${apart(i) && html`class="apart"`}>${column}</th>`)}</tr></thead>
<tbody>
${rows.map(({ label, values }) => html`<tr><th scope="row">${label}</th>${Array.from(values, cell)}</tr>\n`)}</tbody>
</table></div>
${note && html`<p class="note">${note}</p>`}
</figure>
`
}

/** The class that colours a value: its side of zero, and its depth from 1 to 5. None for what is missing or next to zero. */
export function heatClass(value: number, deepest: number): string | undefined {
  if (!(deepest > 0)) throw new RangeError(`The value of the deepest colour must be above zero, found ${deepest}`)
  const depth = Math.min(HEAT_DEPTHS, Math.round((Math.abs(value) / deepest) * HEAT_DEPTHS))
  return depth >= 1 ? `heat-${value < 0 ? 'negative' : 'positive'}-${depth}` : undefined
}
