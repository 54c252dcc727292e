import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the gateway says instead of passing a call on. */
export interface Refusal {
  readonly status: number
  readonly body?: string
}

export interface StandInGateway {
  readonly url: string
  /** Where functions are, by name; one that is not here is answered 404. */
  readonly functions: Map<string, string>
  /** While set, every call gets this instead of a function's answer. */
  refuse: Refusal | undefined
  /** Calls by function. */
  readonly calls: Map<string, number>
  close(): Promise<void>
}

const PATH = /^\/function\/([a-z0-9-]+)(?:\.openfaas-fn)?(\/.*)?$/

/** Stands in for OpenFaaS' gateway: passes `/function/<name>/…` on to where the function listens, with the exact body and headers. */
export async function startGateway(functions: Iterable<readonly [string, string]> = []): Promise<StandInGateway> {
  const agent = new Agent({ keepAlive: true })
  const places = new Map(functions)
  const calls = new Map<string, number>()

  const pass = (incoming: IncomingMessage, outgoing: ServerResponse, base: string, path: string) => {
    const { host: _, connection: __, ...headers } = incoming.headers
    const call = request(new URL(path, base), { method: incoming.method, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    call.on('error', (error) => {
      if (!outgoing.headersSent) outgoing.writeHead(502, { 'content-type': 'text/plain' })
      outgoing.end(`Can't reach service: ${error.message}\n`)
    })
    outgoing.on('close', () => call.destroy())
    incoming.pipe(call)
  }

  const server = createServer((incoming, outgoing) => {
    const [, name, path = '/'] = PATH.exec(incoming.url ?? '') ?? []
    calls.set(name, (calls.get(name) ?? 0) + 1)
    const refusal =
      gateway.refuse ?? (places.has(name) ? undefined : { status: 404, body: `error finding function ${name}` })
    if (refusal) {
      incoming.resume()
      outgoing.writeHead(refusal.status, { 'content-type': 'text/plain' })
      outgoing.end(refusal.body ?? '')
      return
    }
    pass(incoming, outgoing, places.get(name) as string, path)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const gateway: StandInGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    functions: places,
    refuse: undefined,
    calls,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      agent.destroy()
      await closed
    },
  }
  return gateway
}
