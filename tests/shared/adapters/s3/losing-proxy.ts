import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface LosingProxy {
  readonly endpoint: string
  /** Every request that came by, as `PUT /bucket/key?query`. */
  readonly seen: string[]
  /** Carries out the next requests of which this is true, and cuts the connection instead of passing the answer on. */
  loseAnswers(to: (line: string) => boolean, times: number): void
  /** Passes this many bytes of the next answer's body on and then cuts the connection. */
  cutBodyAfter: number | undefined
  close(): Promise<void>
}

/** Stands between a client and a server, and loses what it is told to. */
export async function startLosingProxy(target: string): Promise<LosingProxy> {
  let lost: { readonly to: (line: string) => boolean; times: number } | undefined

  const server = createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`
    proxy.seen.push(line)
    const { method, headers, url = '/' } = incoming
    const call = request(new URL(url, target), { method, headers }, (answer: IncomingMessage) => {
      if (lost && lost.times > 0 && lost.to(line)) {
        lost.times--
        answer.resume()
        answer.on('end', () => outgoing.destroy())
        return
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      if (proxy.cutBodyAfter === undefined) {
        answer.pipe(outgoing)
        return
      }
      const bytes = proxy.cutBodyAfter
      proxy.cutBodyAfter = undefined
      answer.once('data', (chunk: Buffer) => {
        outgoing.write(chunk.subarray(0, bytes), () => outgoing.destroy())
        answer.destroy()
      })
    })
    call.on('error', () => outgoing.destroy())
    incoming.pipe(call)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const proxy: LosingProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    cutBodyAfter: undefined,
    loseAnswers: (to, times) => {
      lost = { to, times }
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
  return proxy
}
