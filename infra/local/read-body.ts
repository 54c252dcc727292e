import type { IncomingMessage } from 'node:http'

/** What is read of a body that is too large before the connection is cut: enough for a client to finish sending and see the answer. */
const MOST_DISCARDED_BYTES = 16_000_000
const DISCARD_PATIENCE_MS = 2_000

/** Whether the client itself announces more than is taken. */
export function announcesTooMuch(request: IncomingMessage, maxBytes: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > maxBytes
}

/** Reads a body as far as it is taken; undefined when it is larger. Rejects when the client goes away in the middle. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (announcesTooMuch(request, maxBytes)) return undefined
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const settle = (act: () => void) => {
      request.off('data', onData)
      request.off('end', onEnd)
      request.off('error', onError)
      request.off('close', onClose)
      act()
    }
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) settle(() => resolve(undefined))
      else chunks.push(chunk)
    }
    const onEnd = () => settle(() => resolve(Buffer.concat(chunks, bytes)))
    const onError = (error: Error) => settle(() => reject(error))
    const onClose = () => settle(() => reject(new Error('The client went away in the middle of its body')))
    request.on('data', onData)
    request.on('end', onEnd)
    request.on('error', onError)
    request.on('close', onClose)
  })
}

/**
 * Lets a client finish sending what nobody wants, within reason. Closing at once would reset the connection, and the client would never
 * see why it was refused.
 */
export async function discardBody(request: IncomingMessage): Promise<void> {
  let bytes = 0
  let timer: NodeJS.Timeout | undefined
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DISCARD_PATIENCE_MS)
    request.on('error', () => resolve())
    request.on('close', resolve)
    request.on('end', resolve)
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MOST_DISCARDED_BYTES) resolve()
    })
  })
  clearTimeout(timer)
}
