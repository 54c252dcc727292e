import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UnavailableError } from '../../shared/ports/errors.ts'
import { describe } from '../../shared/runtime/attempt.ts'
import type { AllPorts } from '../../shared/runtime/ports.ts'
import { type Call, type Reply, serveStep, toReply } from '../../shared/runtime/serve.ts'
import { json, type Service, serveService } from '../../shared/runtime/service.ts'
import { acceptStep } from './accept.ts'
import type { House } from './house.ts'
import { foreignCaller } from './loopback.ts'
import { OPERATION_HEADER } from './operations/errors.ts'
import { OPERATIONS_PATH, serveOperation } from './operations/serve.ts'
import { announcesTooMuch, discardBody, readBody } from './read-body.ts'
import { describeFunctions, describeGateway } from './system-functions.ts'

export interface GatewayOptions {
  readonly house: House
  readonly services?: readonly Service<AllPorts>[]
  /** Who has it may use the operations API. */
  readonly token: string
  /** 0: any free one. */
  readonly port: number
  /** How long a whole request may take to arrive; later it is answered 408. */
  readonly requestTimeoutMs?: number
}

export interface Gateway {
  readonly port: number
  /** Takes nothing new, finishes what is under way (for at most `patienceMs`), then closes. */
  stop(patienceMs?: number): Promise<void>
}

const DEFAULT_REQUEST_TIMEOUT_MS = 60_000
const STOP_PATIENCE_MS = 30_000
const FUNCTION_PATH = /^\/(async-)?function\/([a-z0-9-]+)(?:\.openfaas-fn)?(\/.*)?$/

/**
 * The HTTP API of OpenFaaS' gateway on loopback, and beside it the operations that the command line uses. Calls that a page from
 * elsewhere could have made are refused.
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { house } = options
  const underWay = new Set<Promise<void>>()
  let draining = false
  let port = 0

  const receive = (request: IncomingMessage, response: ServerResponse, confirm?: () => void) => {
    if (draining) response.setHeader('connection', 'close')
    const work = respond(request, confirm)
      .catch((error): Reply | undefined => {
        if (request.socket.destroyed) return undefined
        house.parts.log.error({ err: error, path: request.url }, 'the gateway could not answer')
        return json(error instanceof UnavailableError ? 503 : 500, { error: describe(error) })
      })
      .then((reply) => reply && send(request, response, reply))
      .catch((error) => {
        house.parts.log.error({ err: error, path: request.url }, 'an answer could not be sent')
        response.destroy()
      })
      .finally(() => underWay.delete(work))
    underWay.add(work)
  }

  const respond = async (request: IncomingMessage, confirm: (() => void) | undefined): Promise<Reply> => {
    const foreign = foreignCaller(request, port)
    if (foreign !== undefined) return json(403, { error: foreign })
    const route = findRoute(request, options)
    if (!('answer' in route)) return route
    if (announcesTooMuch(request, house.parts.maxBodyBytes)) return route.tooLarge()
    confirm?.()
    const body = await readBody(request, house.parts.maxBodyBytes)
    if (!body) return route.tooLarge()
    return route.answer(body)
  }

  const server = createServer(
    { requestTimeout: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 500 },
    receive,
  )
  // A client that asks first (curl does above 1 MB) need not send what will be refused.
  server.on('checkContinue', (request, response) => receive(request, response, () => response.writeContinue()))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' ? 'another program listens there; choose another --port' : error.message
      reject(new UnavailableError(`Cannot listen on 127.0.0.1:${options.port}: ${taken}`, { cause: error }))
    })
    server.listen({ port: options.port, host: '127.0.0.1' }, resolve)
  })
  port = (server.address() as AddressInfo).port

  return {
    port,
    async stop(patienceMs = STOP_PATIENCE_MS) {
      draining = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patienceMs)
      })
      await Promise.race([Promise.all(underWay), late])
      // What is still open now only waits for a next request, or for something that does not end.
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 100))])
      clearTimeout(timer)
      server.closeAllConnections()
      await closed
    },
  }
}

interface Route {
  answer(body: Buffer): Promise<Reply>
  tooLarge(): Reply
}

/** Where a request goes, or what it is answered when it goes nowhere. */
function findRoute(request: IncomingMessage, options: GatewayOptions): Route | Reply {
  const { house } = options
  const { parts, registry } = house
  const { pathname, search } = splitUrl(request.url ?? '/')
  const method = request.method ?? 'GET'

  const match = FUNCTION_PATH.exec(pathname)
  if (match) {
    const [, async, name, path = '/'] = match
    const step = registry.step(name)
    const service = options.services?.find((candidate) => candidate.name === name)
    if (!step && !service) return json(404, { error: `There is no function ${name}; /system/functions lists them` })
    if (async && method !== 'POST') return notAllowed(method, pathname, 'POST')
    if (async && !step) return json(400, { error: `${name} answers questions: call it at /function/${name}` })
    if (async && request.headers['x-callback-url'] !== undefined) {
      return json(400, { error: 'This gateway calls nobody back: X-Callback-Url is not taken' })
    }
    const callId = request.headers['x-call-id'] ?? randomUUID()
    const call = (body: Buffer): Call => ({ method, path, query: search, headers: request.headers, body })
    const answer = (body: Buffer) => {
      if (!step) return serveService(parts, service as Service<AllPorts>, call(body))
      return async ? acceptStep(parts, step, call(body)) : serveStep(parts, step, call(body))
    }
    return {
      answer: async (body) => withHeader(await answer(body), 'x-call-id', String(callId)),
      tooLarge: () => tooLarge(parts.maxBodyBytes, step !== undefined),
    }
  }
  if (pathname.startsWith(OPERATIONS_PATH)) {
    if (method !== 'POST') return notAllowed(method, pathname, 'POST')
    const name = pathname.slice(OPERATIONS_PATH.length)
    const authorization = request.headers.authorization
    return {
      answer: (body) => serveOperation({ house, token: options.token, name, authorization, body }),
      tooLarge: () => {
        const message = `The request is larger than the ${parts.maxBodyBytes} bytes that are taken`
        return withHeader(json(413, { kind: 'input', message }), OPERATION_HEADER, name)
      },
    }
  }
  const page = systemPages(house, options.services ?? [])[pathname]
  if (!page) return json(404, { error: `There is nothing at ${pathname}` })
  if (method !== 'GET' && method !== 'HEAD') return notAllowed(method, pathname, 'GET, HEAD')
  return { answer: page, tooLarge: () => tooLarge(parts.maxBodyBytes, false) }
}

function systemPages(house: House, services: readonly Service<AllPorts>[]): Record<string, () => Promise<Reply>> {
  const { parts, registry } = house
  return {
    '/system/functions': async () => json(200, await describeFunctions(registry.steps, services, parts)),
    '/system/info': async () => json(200, describeGateway(parts.codeVersion)),
    '/healthz': async () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK\n' }),
    '/metrics': async () => ({
      status: 200,
      headers: { 'content-type': parts.metrics.contentType },
      body: await parts.metrics.text(),
    }),
  }
}

function splitUrl(url: string): { pathname: string; search: string } {
  const at = url.indexOf('?')
  return at < 0 ? { pathname: url, search: '' } : { pathname: url.slice(0, at), search: url.slice(at + 1) }
}

function tooLarge(maxBytes: number, isStep: boolean): Reply {
  const reason = `the body is larger than the ${maxBytes} bytes that are taken`
  const reply = isStep ? toReply({ outcome: 'poison', reason }, 413) : json(413, { error: reason })
  return withHeader(reply, 'connection', 'close')
}

function notAllowed(method: string, pathname: string, allow: string): Reply {
  return withHeader(json(405, { error: `${pathname} takes ${allow}, not ${method}` }), 'allow', allow)
}

function withHeader(reply: Reply, name: string, value: string): Reply {
  return { ...reply, headers: { ...reply.headers, [name]: value } }
}

async function send(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value)
  const hasBody = Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers
  const unread = hasBody && !request.complete
  if (unread) response.setHeader('connection', 'close')
  response.writeHead(reply.status, { 'content-length': body.length })
  if (request.method !== 'HEAD') response.write(body)
  if (unread) await discardBody(request)
  await new Promise<void>((resolve) => {
    response.once('close', resolve)
    response.end(resolve)
  })
}
