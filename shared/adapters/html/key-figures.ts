import { type Content, type Html, html } from './html.ts'

export interface KeyFigure {
  readonly label: string
  readonly value: Content
  /** What it is compared with, or since when. */
  readonly note?: Content
}

/** The few numbers that a reader looks for first, side by side. */
export function keyFigures(figures: readonly KeyFigure[]): Html {
  return html`<dl class="figures">${figures.map(
    ({ label, value, note }) =>
      html`<div><dt>${label}</dt><dd>${value}</dd>${note && html`<dd class="note">${note}</dd>`}</div>`,
  )}</dl>`
}
