import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PayloadRecorder } from '../../../../shared/ports/data-provider.ts'

/** What the server says to one request. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

type Answering = (url: URL, request: IncomingMessage) => Answer | Promise<Answer>

/** A local server in Yahoo's place: cookies and crumb as Yahoo gives them, everything else as the test says. */
export async function yahooServer(answer: Answering) {
  const requests: URL[] = []
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://yahoo.test')
    requests.push(url)
    const { status = 200, headers = {}, body } = door(url) ?? (await answer(url, request))
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }
  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const rewritten: typeof fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (!url.hostname.endsWith('yahoo.com')) throw new Error(`A request went to ${url.hostname}`)
    return fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`, init)
  }
  return {
    fetch: rewritten,
    /** Requests for data, cookies and crumb left out. */
    asked: () => requests.filter((url) => door(url) === undefined),
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function door(url: URL): Answer | undefined {
  if (url.pathname.startsWith('/quote/')) {
    return {
      headers: { 'set-cookie': 'A3=d=test; Max-Age=3600; Domain=.yahoo.com; Path=/; Secure' },
      body: '<html></html>',
    }
  }
  if (url.pathname === '/v1/test/getcrumb') return { headers: { 'content-type': 'text/plain' }, body: 'crumb' }
  return undefined
}

/** Time that only passes in sleep. */
export function fakeTime(start: string) {
  let at = Date.parse(start)
  const slept: number[] = []
  return {
    slept,
    now: () => at,
    sleep: async (ms: number) => {
      slept.push(ms)
      at += ms
    },
  }
}

/** Keeps payloads under (symbol, request), create-only. */
export function memoryRecorder(): PayloadRecorder & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>()
  return {
    kept,
    async payload(symbol, request, fetch) {
      const key = `${symbol}/${request}`
      const bytes = kept.get(key) ?? (await fetch())
      kept.set(key, bytes)
      return bytes
    },
  }
}
