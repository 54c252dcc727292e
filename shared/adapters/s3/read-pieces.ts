import type { Readable } from 'node:stream'

/**
 * The pieces of an answer's body. Waiting for the server is bounded, waiting for the reader is not: it may take its time with each. The
 * connection is given up when the reader leaves its loop.
 */
export async function* readPieces(body: Readable, idleTimeoutMs: number): AsyncIterable<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  let timer: NodeJS.Timeout | undefined
  try {
    for (;;) {
      timer = setTimeout(() => body.destroy(silence(idleTimeoutMs)), idleTimeoutMs)
      const next = await pieces.next()
      clearTimeout(timer)
      if (next.done) return
      yield new Uint8Array(next.value)
    }
  } finally {
    clearTimeout(timer)
    body.destroy()
  }
}

function silence(idleTimeoutMs: number): Error {
  const error = new Error(`nothing came for ${idleTimeoutMs} ms`)
  error.name = 'TimeoutError'
  return error
}
