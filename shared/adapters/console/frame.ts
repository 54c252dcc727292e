import type { Frame } from '../../ports/console-pages.ts'
import { type Content, type Html, html } from '../html/html.ts'
import { page } from '../html/page.ts'
import type { Assets } from './assets.ts'

export interface ConsolePage {
  readonly title: string
  readonly lead?: Content
  readonly body: Content
  /** Has charts that a script may make interactive. */
  readonly charts?: boolean
  /** Is nobody's yet: no way around the console. */
  readonly bare?: boolean
}

const PAGES: readonly (readonly [path: string, label: string])[] = [
  ['/overview', 'Overview'],
  ['/runs', 'Runs'],
  ['/portfolio', 'Portfolio'],
  ['/orders', 'Orders'],
  ['/signals', 'Signals'],
  ['/quality', 'Data quality'],
  ['/dead-letters', 'Dead letters'],
  ['/alerts', 'Alerts'],
]

/** Overrides the page's own, stricter rule, under which a browser says of our own forms that they come from nowhere. */
const REFERRER = html`<meta name="referrer" content="same-origin">\n`

/** A link within the console from any of its pages: each part is one name, whatever characters are in it. */
export function to(frame: Pick<Frame, 'root'>, ...parts: readonly string[]): string {
  return frame.root + parts.map((part) => encodeURIComponent(part).replaceAll('%3A', ':')).join('/')
}

/** `to`, with a query; fields that are undefined are left out. */
export function toQuery(
  frame: Pick<Frame, 'root'>,
  part: string,
  query: Record<string, string | number | undefined>,
): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value))
  return given.size === 0 ? to(frame, part) : `${to(frame, part)}?${given}`
}

/** A page of the console: its way around, its banner, its scripts. */
export function drawPage(assets: Assets, frame: Frame, content: ConsolePage): string {
  const { title, lead, body, charts = false, bare = false } = content
  const room = `/${frame.path.split('/')[1]}`
  const style = (file: 'console.css' | 'uplot.css') =>
    html`<link rel="stylesheet" href="${to(frame, 'assets', assets.nameOf(file))}">\n`
  const script = (file: 'uplot.js' | 'charts.js') =>
    html`<script defer src="${to(frame, 'assets', assets.nameOf(file))}"></script>\n`
  return page({
    title,
    lead,
    simulated: frame.simulated,
    selfContained: false,
    head: html`${REFERRER}${style('console.css')}${charts && [style('uplot.css'), script('uplot.js'), script('charts.js')]}`,
    navigation: bare
      ? []
      : PAGES.map(([path, label]) => ({ label, href: to(frame, path.slice(1)), current: path === room })),
    body,
    footer: frame.signedIn ? signOut(frame) : undefined,
  })
}

function signOut(frame: Frame): Html {
  return html`<form method="post" action="${to(frame, 'sign-out')}">${formToken(frame)}<button>Sign out</button></form>`
}

/** What every form that does something must carry. */
export function formToken({ formToken: token }: Frame): Html {
  return html`<input type="hidden" name="form" value="${token}">`
}

/** A chart that a script may replace by an interactive one, with the numbers that the address answers. */
export function interactive(chart: Html, address: string): Html {
  return html`<div data-series="${address}">${chart}</div>`
}
