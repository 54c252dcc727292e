import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Instrument } from '../../../../shared/domain/market/instrument.ts'
import { instrumentOf } from '../../../../shared/domain/market/instrument.ts'
import { instant } from '../../../../shared/domain/market/session.ts'
import type { NewsRequest } from '../../../../shared/ports/data-provider.ts'

export interface NewsAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** A local server in the place of every news site: `fetch` goes there, whatever the address. */
export async function newsServer(answer: (url: URL) => NewsAnswer) {
  const asked: { readonly url: URL; readonly headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `https://${request.headers['x-test-host']}`)
    asked.push({ url, headers: request.headers })
    const { status = 200, headers = {}, body } = answer(url)
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const rewritten: typeof fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const headers = { ...Object.fromEntries(new Headers(init?.headers)), 'x-test-host': url.host }
    return fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`, { ...init, headers })
  }
  return {
    asked,
    /** For the adapters: no waiting. */
    options: { fetch: rewritten, sleep: async () => {}, requestsPerSecond: 1000 },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** News of the week before 21 November 2026. */
export function weekOf(...symbols: string[]): NewsRequest & { readonly instruments: readonly Instrument[] } {
  const [from, to] = [instant(Date.UTC(2026, 10, 14)), instant(Date.UTC(2026, 10, 21))]
  return { instruments: symbols.map(instrumentOf), from, to }
}
