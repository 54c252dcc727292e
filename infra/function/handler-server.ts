import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse } from 'node:querystring'
import { discardBody, readBody } from '../local/read-body.ts'
import type { TemplateContext, TemplateEvent } from './template-call.ts'

/** How a handler answers, with all that the official template offers. */
export interface HandlerContext extends TemplateContext {
  status(code: number): HandlerContext
  headers(values: Readonly<Record<string, string>>): HandlerContext
  /** Answers with a status of 500 unless the handler had set another; without its headers. */
  fail(body: unknown): unknown
}

export type Handler = (event: TemplateEvent, context: HandlerContext) => unknown

export interface HandlerServer {
  readonly port: number
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Longer than the watchdog keeps a connection that nobody uses: it must not send a call down one that is just being closed. */
const KEEP_ALIVE_MS = 120_000

/**
 * Serves a handler on loopback, where the watchdog calls it, as the official template's own server does with RAW_BODY: the bytes as they were
 * sent, method, path, query and headers in, status, headers and body out.
 *
 * It differs where the template is wrong: what throws or rejects is answered 500 instead of 200, a body that is too large 413 without a stack
 * trace, a compressed one 415 instead of being inflated, and a port that is taken is an error. It hears no signals: a handler that drains
 * ends the process itself.
 */
export async function serveHandler(
  handler: Handler,
  { port, maxBodyBytes }: { readonly port: number; readonly maxBodyBytes: number },
): Promise<HandlerServer> {
  const server = createServer(async (request, response) => {
    try {
      const answer = await answerOf(handler, request, maxBodyBytes)
      await send(request, response, answer)
    } catch (error) {
      // Either the client went away, or the answer cannot be sent as it is: a header of two lines, a status of 1000.
      if (response.headersSent || response.destroyed) return
      for (const name of response.getHeaderNames()) response.removeHeader(name)
      await send(request, response, failure(error)).catch(() => response.destroy())
    }
  })
  server.keepAliveTimeout = KEEP_ALIVE_MS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answerOf(handler: Handler, request: IncomingMessage, maxBodyBytes: number): Promise<Answer> {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') {
    return told(415, `The body's content-encoding is "${encoding}", expected none`)
  }
  const body = await readBody(request, maxBodyBytes)
  if (!body) return told(413, `The body is larger than ${maxBodyBytes} bytes`)
  const { method, headers, url = '/' } = request
  const [path, query = ''] = split(url)
  return run(handler, { body, headers, method, path, query: parse(query) })
}

/** The first answer that the handler gives, or what its promise comes to where it gives none. */
function run(handler: Handler, event: TemplateEvent): Promise<Answer> {
  return new Promise((resolve) => {
    let status = 200
    let headers: Readonly<Record<string, string>> = {}
    const context = {
      status(code?: number) {
        if (code === undefined) return status
        status = code
        return context
      },
      headers(values?: Readonly<Record<string, string>>) {
        if (values === undefined) return headers
        headers = values
        return context
      },
      succeed: (body: unknown) => resolve({ status, headers, body }),
      fail: (body: unknown) => resolve({ status: status === 200 ? 500 : status, headers: {}, body: String(body) }),
    }
    Promise.resolve()
      .then(() => handler(event, context as HandlerContext))
      .then(context.succeed, (error) => resolve(failure(error)))
  })
}

async function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer) {
  const { bytes, type } = bytesOf(body)
  const unread = !request.complete
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (type !== undefined && !response.hasHeader('content-type')) response.setHeader('content-type', type)
  if (unread) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-length': bytes.length })
  if (request.method !== 'HEAD') response.write(bytes)
  // Who is still sending would not see why it was refused.
  if (unread) await discardBody(request)
  response.end()
}

function bytesOf(body: unknown): { readonly bytes: Uint8Array; readonly type?: string } {
  if (body === undefined || body === null) return { bytes: new Uint8Array() }
  if (body instanceof Uint8Array) return { bytes: body, type: 'application/octet-stream' }
  if (typeof body === 'string') return { bytes: Buffer.from(body), type: 'text/plain; charset=utf-8' }
  return { bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' }
}

function told(status: number, error: string): Answer {
  return { status, headers: {}, body: { error } }
}

function failure(error: unknown): Answer {
  console.error(error)
  return told(500, error instanceof Error ? error.message : String(error))
}

function split(url: string): [path: string, query?: string] {
  const at = url.indexOf('?')
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)]
}
