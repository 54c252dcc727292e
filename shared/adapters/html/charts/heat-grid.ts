import { type Content, type Html, html } from '../html.ts'
import { plain } from '../numbers.ts'
import { HEAT_DEPTHS } from '../stylesheet.ts'
import { heatClass } from './heat-map.ts'

export interface HeatGrid {
  readonly title: string
  readonly names: readonly string[]
  /** A row for each name, a value for each name in it; NaN where there is none. */
  readonly values: readonly ArrayLike<number>[]
  /** The size of value that has the deepest colour. */
  readonly deepest: number
  /** What is to be seen, in a sentence for those who do not see it. */
  readonly description: string
  readonly note?: Content
}

const CELL = 14
const LABEL = 48

/** Many names against each other, without numbers: the correlations of a whole universe. Throws RangeError unless it is square. */
export function heatGrid({ title, names, values, deepest, description, note }: HeatGrid): Html {
  const size = names.length
  if (values.length !== size || values.some((row) => row.length !== size)) {
    throw new RangeError(`"${title}" has ${size} names and not as many rows and columns`)
  }
  if (size === 0) return html`<figure><figcaption>${title}</figcaption><p class="empty">No values.</p></figure>\n`
  // One path a colour instead of one square a value: a tenth of the bytes.
  const squares = new Map<string, string>()
  values.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      const name = heatClass(row[x], deepest)
      if (!name) continue
      const square = `M${x} ${y}h1v1h-1z`
      squares.set(name, (squares.get(name) ?? '') + square)
    }
  })
  const edge = LABEL + size * CELL
  const middle = (i: number) => LABEL + i * CELL + CELL / 2
  return html`<figure>
<figcaption>${title}</figcaption>
${heatScale(deepest)}
<div class="scroll whole" tabindex="0" role="region" aria-label="${title}"><svg class="heat-grid" role="img" viewBox="0 0 ${edge} ${edge}">
<title>${title}</title><desc>${description}</desc>
<g transform="translate(${LABEL} ${LABEL}) scale(${CELL})">
${[...squares].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, path]) => html`<path class="${name}" d="${path}"/>\n`)}</g>
${names.map((name, i) => html`<text x="${LABEL - 4}" y="${middle(i) + 3}" text-anchor="end">${name}</text><text transform="translate(${middle(i) + 3} ${LABEL - 4}) rotate(-90)">${name}</text>`)}
</svg></div>
${note && html`<p class="note">${note}</p>`}
</figure>
`
}

/** All colours side by side between the values they stand for. */
function heatScale(deepest: number): Html {
  const colours = Array.from({ length: 2 * HEAT_DEPTHS + 1 }, (_, i) => heatClass(i - HEAT_DEPTHS, HEAT_DEPTHS))
  const sample = (name: string | undefined, i: number) =>
    name !== undefined && html`<rect class="${name}" x="${i * 14}" width="14" height="12"/>`
  return html`<ul class="legend"><li>${plain(-deepest)}<svg aria-hidden="true" width="${colours.length * 14}" height="12">${colours.map(sample)}</svg>${plain(deepest)}</li></ul>`
}
