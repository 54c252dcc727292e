import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { foreignCaller } from '../../infra/local/loopback.ts'
import { readBody } from '../../infra/local/read-body.ts'
import type { MadeConsole } from '../functions/console/made-console.ts'

export interface ConsoleServer {
  /** Of the console, without a slash at the end, as people type it. */
  readonly url: string
  readonly asked: string[]
  close(): Promise<void>
}

/** Puts a made console where the local gateway would, with the gateway's own distrust of pages from elsewhere. */
export async function serveConsole(made: MadeConsole, prefix = '/function/console'): Promise<ConsoleServer> {
  const asked: string[] = []
  let port = 0
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://house')
    asked.push(`${request.method} ${url.pathname}`)
    const foreign = foreignCaller(request, port)
    if (foreign !== undefined || !url.pathname.startsWith(prefix)) {
      response.writeHead(foreign === undefined ? 404 : 403).end(foreign)
      return
    }
    const body = (await readBody(request, 10_000)) ?? new Uint8Array()
    const path = url.pathname.slice(prefix.length) || '/'
    const { method = 'GET', headers } = request
    const reply = await made.call({ method, path, query: url.search, headers, body })
    response.writeHead(reply.status, { ...reply.headers })
    response.end(method === 'HEAD' ? undefined : reply.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
