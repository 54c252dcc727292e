import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { UnavailableError } from '../../../ports/errors.ts'

export interface ExchangeOptions {
  /** JSON to send; without it the request is a GET. */
  readonly body?: unknown
  /** Until the connection stands. */
  readonly connectMs: number
  /** Of the whole exchange. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

const MOST_BYTES = 1_000_000

/**
 * One request and its reply as text, on a connection of its own: the server serves one connection at a time, so one that is kept open
 * would keep everybody else out. (`fetch` can do neither that nor a time limit for connecting.)
 * @throws UnavailableError when there is no connection, no reply in time, or one that is too large. An abort is thrown as it is.
 */
export async function exchange(url: URL, options: ExchangeOptions): Promise<{ status: number; text: string }> {
  const { signal } = options
  signal?.throwIfAborted()
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const body = options.body === undefined ? undefined : JSON.stringify(options.body)
  const request = send(url, {
    agent: false,
    method: body === undefined ? 'GET' : 'POST',
    headers: { connection: 'close', ...(body !== undefined && { 'content-type': 'application/json' }) },
  })
  let stopped: UnavailableError | undefined
  const stop = (why: string) => {
    stopped = new UnavailableError(`${url.host} ${why}`)
    request.destroy(stopped)
  }
  const whole = setTimeout(() => stop(`did not answer within ${options.timeoutMs / 1000} s`), options.timeoutMs)
  const abort = () => request.destroy()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const reply = replyOf(
      request,
      () => stop(`did not let us in within ${options.connectMs / 1000} s`),
      options.connectMs,
    )
    request.end(body)
    const response = await reply
    return { status: response.statusCode ?? 0, text: await textOf(response, url) }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof UnavailableError) throw error
    // A reply that is cut off half-way fails with words of its own.
    if (stopped) throw stopped
    throw new UnavailableError(`${url.host} cannot be reached: ${(error as Error).message}`, { cause: error })
  } finally {
    clearTimeout(whole)
    signal?.removeEventListener('abort', abort)
  }
}

function replyOf(request: ClientRequest, tooLate: () => void, connectMs: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const connecting = setTimeout(tooLate, connectMs)
    request.once('socket', (socket) => socket.once('connect', () => clearTimeout(connecting)))
    request.once('response', resolve)
    request.once('error', reject)
    request.once('close', () => clearTimeout(connecting))
  })
}

async function textOf(response: IncomingMessage, url: URL): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of response) {
    bytes += piece.length
    if (bytes > MOST_BYTES) throw new UnavailableError(`${url.host} answered with more than ${MOST_BYTES} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
