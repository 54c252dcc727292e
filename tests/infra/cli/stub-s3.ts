import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StubS3 {
  readonly endpoint: string
  /** What was asked of it: method and path. */
  readonly requests: readonly string[]
  close(): void
}

/**
 * Stands in for an S3 server that takes every condition for granted, as old ones do: two creators of one object both win. `bucketIsThere`
 * says what it answers to who looks for the bucket.
 */
export async function startStubS3({ bucketIsThere }: { readonly bucketIsThere: boolean }): Promise<StubS3> {
  const requests: string[] = []
  const server = createServer((incoming, outgoing) => {
    incoming.resume()
    incoming.on('end', () => {
      requests.push(`${incoming.method} ${incoming.url}`)
      outgoing.writeHead(incoming.method === 'HEAD' && !bucketIsThere ? 404 : 200, { etag: '"0"' })
      outgoing.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
