import type { Headers } from '../../shared/runtime/envelope.ts'
import type { Call, Reply } from '../../shared/runtime/serve.ts'

/** What the official Node templates hand to a handler; what its fields hold depends on the content type and on RAW_BODY. */
export interface TemplateEvent {
  readonly body?: unknown
  readonly headers?: Headers
  readonly method?: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly path?: string
}

/** How a handler answers. `fail` is never used: it drops the headers. */
export interface TemplateContext {
  status(code: number): TemplateContext
  headers(values: Readonly<Record<string, string>>): TemplateContext
  succeed(body: unknown): unknown
}

export type TemplateHandler = (event: TemplateEvent, context: TemplateContext) => Promise<void>

/** The call that the template received. With RAW_BODY=true its body is the bytes as sent; otherwise they are made again. */
export function toCall(event: TemplateEvent): Call {
  return {
    method: (event.method ?? 'POST').toUpperCase(),
    path: event.path || '/',
    query: queryText(event.query),
    headers: event.headers ?? {},
    body: bytesOf(event.body),
  }
}

/** Answers through the template. A string or a Buffer goes out as it is; anything else the template would change. */
export function sendReply(context: TemplateContext, { status, headers, body }: Reply): void {
  context
    .status(status)
    .headers({ ...headers })
    .succeed(typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength))
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body
  if (typeof body === 'string') return Buffer.from(body)
  if (body === undefined || body === null) return Buffer.alloc(0)
  // Where nothing was sent, Express 4 has an empty object, which is not to be told from the JSON text `{}`; to a step they mean the same.
  if (typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0) return Buffer.alloc(0)
  return Buffer.from(JSON.stringify(body))
}

/** The template parsed the query; a `Call` has it as text, `?` in front, empty when there is none. */
function queryText(query: TemplateEvent['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}
