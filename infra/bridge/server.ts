import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UnavailableError } from '../../shared/ports/errors.ts'

/** A question about the bridge's state, answered in words: `ok` first, then what is wrong. */
export interface Health {
  readonly ok: boolean
  readonly found: Readonly<Record<string, unknown>>
}

export interface HealthServer {
  readonly port: number
  close(): Promise<void>
}

/** Serves `/healthz` (is it alive?), `/readyz` (does it lean on nothing that is away?) and `/metrics`. */
export async function serveHealth(options: {
  readonly port: number
  readonly alive: () => Promise<Health>
  readonly ready: () => Promise<Health>
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>
}): Promise<HealthServer> {
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?', 1)[0]
    const send = (status: number, type: string, body: string) => {
      response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    try {
      if (path === '/metrics') {
        const { text, contentType } = await options.metrics()
        return send(200, contentType, text)
      }
      const question = path === '/healthz' ? options.alive : path === '/readyz' ? options.ready : undefined
      if (!question) return send(404, 'text/plain', 'There is /healthz, /readyz and /metrics\n')
      const { ok, found } = await question()
      send(ok ? 200 : 503, 'application/json', `${JSON.stringify({ ok, ...found })}\n`)
    } catch (error) {
      send(500, 'text/plain', `${(error as Error).message}\n`)
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new UnavailableError(`The bridge cannot listen on port ${options.port}: ${cause.message}`, { cause }))
    })
    server.listen(options.port, resolve)
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
