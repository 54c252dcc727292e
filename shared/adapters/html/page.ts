import { FILE_POLICY } from './content-policy.ts'
import { type Content, type Html, html, raw } from './html.ts'
import { STYLESHEET } from './stylesheet.ts'

export interface NavigationLink {
  readonly label: string
  readonly href: string
  /** This is the page that is shown. */
  readonly current?: boolean
}

export interface Page {
  readonly title: string
  readonly lead?: Content
  readonly navigation?: readonly NavigationLink[]
  readonly body: Content
  /** Above what every footer says. */
  readonly footer?: Content
  /** The prices are made: every page says so at its top. */
  readonly simulated?: boolean
  /**
   * Carries its own content policy (`FILE_POLICY`), for a file opened from disk; this is the default. A server that adds
   * scripts says false and sends `SERVED_POLICY` as a header.
   */
  readonly selfContained?: boolean
  /** Scripts and styles of a served page. */
  readonly head?: Html
}

const STYLE = raw(`<style>${STYLESHEET}</style>`)

/**
 * A whole document. Its styles are inside, it asks for nothing from outside and reads without scripts. A page with further
 * `head` that is to be self-contained is refused: its own policy would block what the head asks for.
 */
export function page(content: Page): string {
  const { title, lead, navigation = [], body, footer, simulated = false, selfContained = true, head } = content
  if (selfContained && head) throw new RangeError(`The self-contained page "${title}" cannot load anything in its head`)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${selfContained && html`<meta http-equiv="Content-Security-Policy" content="${FILE_POLICY}">`}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
${STYLE}
${head}
</head>
<body>
<a class="skip" href="#content">To the content</a>
${simulated && html`<p class="simulated" role="note"><strong>SIMULATED</strong> Made prices, not a market's.</p>`}
${navigation.length > 0 && html`<nav aria-label="Pages"><ul>${navigation.map(navigationItem)}</ul></nav>`}
<main id="content">
<header>
<h1>${title}</h1>
${lead && html`<p class="lead">${lead}</p>`}
</header>
${body}
</main>
<footer>
${footer && html`<div>${footer}</div>`}
<p>Not investment advice. Data providers' own terms apply.</p>
</footer>
</body>
</html>
`.toString()
}

function navigationItem({ label, href, current }: NavigationLink): Html {
  return html`<li><a href="${href}" ${current && html`aria-current="page"`}>${label}</a></li>`
}
