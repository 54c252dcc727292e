import { type Content, type Html, html } from './html.ts'
import { safeUrl } from './safe-url.ts'

/**
 * A link when the address is safe, else only its label: what a data provider calls a link need not be one. Other sites do not
 * learn which page led to them.
 */
export function link(address: string | undefined, label: Content): Html {
  const url = address === undefined ? undefined : safeUrl(address)
  if (!url) return html`${label}`
  if (/^https?:/i.test(url)) return html`<a href="${url}" rel="noopener noreferrer">${label}</a>`
  return html`<a href="${url}">${label}</a>`
}
