import type { ConsolePages, Frame } from '../../shared/ports/console-pages.ts'
import type { Call, Reply } from '../../shared/runtime/serve.ts'
import { rootFrom } from '../../shared/runtime/service.ts'
import type { Settings } from '../../shared/runtime/settings.ts'
import type { Visitor } from '../../shared/runtime/visitor.ts'

/** What every page needs, whatever it shows. */
export interface PagePorts {
  readonly consolePages: ConsolePages
  readonly settings: Settings
}

interface Asked {
  readonly call: Call
  readonly visitor: Visitor
}

/** Answers with a page. */
export function show(
  { consolePages, settings }: PagePorts,
  { call, visitor }: Asked,
  draw: (pages: ConsolePages, frame: Frame) => string,
  status = 200,
): Reply {
  const frame: Frame = {
    path: call.path,
    root: rootFrom(call.path),
    simulated: settings.provider.name === 'simulated',
    formToken: visitor.formToken,
    signedIn: visitor.by === 'session',
  }
  return { status, headers: consolePages.headers, body: draw(consolePages, frame) }
}

/** Answers that there is no such thing. */
export function absent(ports: PagePorts, asked: Asked, message: string): Reply {
  return show(ports, asked, (pages, frame) => pages.failure(frame, { status: 404, message }), 404)
}

/** Whatever somebody wrote into an address, for a message: no longer than a name is. */
export function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** As `show`, for a page with forms that do something: the browser is made to remember what their token is bound to. */
export function showForm(ports: PagePorts, asked: Asked, draw: (pages: ConsolePages, frame: Frame) => string): Reply {
  const reply = show(ports, asked, draw)
  const { cookie } = asked.visitor
  return cookie === undefined ? reply : { ...reply, headers: { ...reply.headers, 'set-cookie': cookie } }
}

/** A number of the query: a whole one from `least` to `most`, or what is meant when it is absent or something else. */
export function wholeNumber(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const text = query.get(name) ?? ''
  return /^\d{1,9}$/.test(text) ? Math.min(most, Number(text)) : otherwise
}

/** A field of the query that a form may also send empty. */
export function given(query: URLSearchParams, name: string): string | undefined {
  return query.get(name) || undefined
}
