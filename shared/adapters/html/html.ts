import { MISSING } from './numbers.ts'
import { safeUrl } from './safe-url.ts'
import { findHoles, type Hole } from './template-holes.ts'

/** Markup that is safe to send. Only `html` and `raw` make it, so a string can never be taken for it. */
class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

export type { Html }

/** What may stand in a template: nothing for undefined, null and false; lists are joined. */
export type Content = Html | string | number | bigint | null | undefined | false | readonly Content[]

const HOLES = new WeakMap<TemplateStringsArray, readonly Hole[]>()

/**
 * Markup from a template; every interpolation is escaped for where it stands.
 * - Among text: text, numbers ("–" for those that are not finite), other markup as it is, lists of these.
 * - In a quoted attribute: text and finite numbers. As a whole `href`, `src` or `action`, only what `safeUrl` lets pass; else `#`.
 * - Between attributes: only markup, for an attribute that may be absent: `<option ${chosen && html`selected`}>`.
 * Throws RangeError for anything else: this is a mistake of the programmer, and the page would be open to an attack.
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  let holes = HOLES.get(parts)
  if (!holes) {
    holes = findHoles(parts)
    HOLES.set(parts, holes)
  }
  let markup = parts[0]
  for (let i = 0; i < contents.length; i++) markup += render(contents[i], holes[i]) + parts[i + 1]
  return new Html(markup)
}

/** Takes text for markup as it is. Only for constants of this program, never for anything that came from outside. */
export function raw(trusted: string): Html {
  return new Html(trusted)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** The text with the five characters that mean something in markup replaced. */
export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => ENTITIES[character]) : text
}

function render(content: Content, hole: Hole): string {
  if (content === undefined || content === null || content === false || content === '') return ''
  if (content instanceof Html) {
    if (hole === 'text' || hole === 'tag') return content.toString()
    throw new RangeError(`Markup cannot stand in an attribute: ${content.toString().slice(0, 60)}`)
  }
  if (typeof content === 'object') return content.map((part) => render(part, hole)).join('')
  if (hole === 'tag') throw new RangeError(`Between attributes there can only be markup, found "${content}"`)
  if (typeof content === 'number' && !Number.isFinite(content)) {
    if (hole === 'text') return MISSING
    throw new RangeError(`${content} cannot stand in an attribute`)
  }
  return escapeHtml(hole === 'address' ? (safeUrl(String(content)) ?? '#') : String(content))
}
