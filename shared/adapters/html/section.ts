import { type Content, type Html, html } from './html.ts'

export interface Section {
  /** The place a link can lead to. */
  readonly id?: string
  readonly title: string
  readonly lead?: Content
  readonly body: Content
}

/** A part of a page under a heading of its own. */
export function section({ id, title, lead, body }: Section): Html {
  return html`<section ${id !== undefined && html`id="${id}"`}>
<h2>${title}</h2>
${lead && html`<p class="lead">${lead}</p>`}
${body}
</section>
`
}
