import { type Content, type Html, html } from './html.ts'

export interface Column<Row> {
  readonly header: Content
  /** Numbers go to the right, in figures of one width. */
  readonly align?: 'left' | 'right' | 'center'
  /** Names the row for those who hear the table; stays in view when it is scrolled sideways. */
  readonly rowHeader?: boolean
  readonly cell: (row: Row) => Content
}

export interface Table<Row> {
  readonly caption?: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  /** One cell a column, below the rows. */
  readonly totals?: readonly Content[]
  /** Said in place of a table without rows. */
  readonly empty: Content
}

/** A table that scrolls inside its own frame when it is larger than the screen, its header always in view. */
export function table<Row>({ caption, columns, rows, totals, empty }: Table<Row>): Html {
  if (totals && totals.length !== columns.length) {
    throw new RangeError(`A table of ${columns.length} columns has ${totals.length} totals`)
  }
  if (rows.length === 0) return html`${caption && html`<p class="caption">${caption}</p>`}<p class="empty">${empty}</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption ?? 'Table'}"><table>
${caption && html`<caption>${caption}</caption>`}
<thead><tr>${columns.map((column) => html`<th scope="col" ${classOf(column)}>${column.header}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${columns.map((column) => cellOf(column, column.cell(row)))}</tr>\n`)}</tbody>
${totals && html`<tfoot><tr>${columns.map((column, i) => cellOf(column, totals[i]))}</tr></tfoot>`}
</table></div>`
}

function cellOf<Row>(column: Column<Row>, content: Content): Html {
  if (column.rowHeader) return html`<th scope="row" ${classOf(column)}>${content}</th>`
  return html`<td ${classOf(column)}>${content}</td>`
}

const CLASSES = { left: undefined, right: html`class="number"`, center: html`class="center"` }

function classOf<Row>({ align = 'left' }: Column<Row>): Html | undefined {
  return CLASSES[align]
}
