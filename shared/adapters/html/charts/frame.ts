import { type Content, type Html, html } from '../html.ts'
import { SERIES_COLOURS } from '../stylesheet.ts'

export interface LegendItem {
  readonly label: string
  /** Classes of the sample that is drawn in front. */
  readonly sample: string
  readonly kind: 'line' | 'area'
  readonly value?: string
}

/** The colour of the nth series, from 0; with more series than colours they begin again. */
export function seriesClass(index: number): string {
  return `series-${(index % SERIES_COLOURS) + 1}`
}

/** A chart with its title and legend around it. */
export function figure(title: string, legend: readonly LegendItem[], drawing: Content, note?: Content): Html {
  return html`<figure>
<figcaption>${title}</figcaption>
${legend.length > 0 && html`<ul class="legend">${legend.map(legendItem)}</ul>`}
${drawing}
${note && html`<p class="note">${note}</p>`}
</figure>
`
}

function legendItem({ label, sample, kind, value }: LegendItem): Html {
  const drawn =
    kind === 'line'
      ? html`<line class="${sample}" x1="0" y1="6" x2="22" y2="6"/>`
      : html`<rect class="${sample}" x="4" y="0" width="14" height="12"/>`
  return html`<li><svg aria-hidden="true" width="22" height="12">${drawn}</svg>${label}${
    value && html` <span class="value">${value}</span>`
  }</li>`
}
