import { type Content, type Html, html } from '../html.ts'

/** From a value to its place across the cell of a bar, in percent with two decimals. */
export type Across = (value: number) => number

export interface BarRow {
  readonly label: Content
  /** What is drawn in the row's cell, in percent of its width and 18 units high. Nothing where a value is missing. */
  readonly draw: (across: Across) => Content
  /** In words, in front of the bar (only where the screen is wide) and behind it. */
  readonly before?: readonly Content[]
  readonly after: readonly Content[]
}

export interface BarTable {
  readonly title: string
  readonly headers: {
    readonly label: string
    readonly before?: readonly string[]
    readonly bar: string
    readonly after: readonly string[]
  }
  /** What must be within the bars' cell; zero always is. */
  readonly low: number
  readonly high: number
  readonly rows: readonly BarRow[]
  readonly legend?: Content
  readonly note?: Content
}

export const BAR_HEIGHT = 18

/**
 * Horizontal bars as a table whose cells hold drawings: names and numbers stay text that can be read aloud, copied, printed and
 * wrapped on a phone.
 */
export function barTable({ title, headers, low, high, rows, legend, note }: BarTable): Html {
  if (rows.length === 0)
    return html`<figure><figcaption>${title}</figcaption><p class="empty">No values.</p></figure>\n`
  const least = Math.min(0, low)
  const most = Math.max(0, high)
  const width = most > least ? most - least : 1
  const across: Across = (value) => Math.round(((value - least) / width) * 10_000) / 100
  const numbers = (cells: readonly Content[], name: string) =>
    cells.map((cell) => html`<td class="${name}">${cell}</td>`)
  const heads = (cells: readonly string[], name: string) =>
    cells.map((cell) => html`<th scope="col" class="${name}">${cell}</th>`)
  const row = ({ label, draw, before = [], after }: BarRow) =>
    html`<tr><th scope="row">${label}</th>${numbers(before, 'number wide')}<td class="bar"><svg aria-hidden="true" width="100%" height="${BAR_HEIGHT}"><line class="zero" x1="${across(0)}%" x2="${across(0)}%" y1="0" y2="${BAR_HEIGHT}"/>${draw(across)}</svg></td>${numbers(after, 'number')}</tr>\n`
  return html`<figure>
<figcaption>${title}</figcaption>
${legend}
<table class="bars">
<thead><tr><th scope="col">${headers.label}</th>${heads(headers.before ?? [], 'number wide')}<th scope="col">${headers.bar}</th>${heads(headers.after, 'number')}</tr></thead>
<tbody>
${rows.map(row)}</tbody>
</table>
${note && html`<p class="note">${note}</p>`}
</figure>
`
}

/** A bar between two values, whichever is the larger. */
export function bar(across: Across, from: number, to: number, name: string): Html {
  const left = across(Math.min(from, to))
  const width = across(Math.max(from, to)) - left
  return html`<rect class="${name}" x="${left}%" width="${width.toFixed(2)}%" y="2" height="${BAR_HEIGHT - 4}"/>`
}
