import { UnavailableError } from '../../ports/errors.ts'
import { rateLimit } from './rate-limit.ts'
import { isWorthRetrying, retryAfterMs } from './retry-class.ts'

/** A reply read to its end. */
export interface HttpReply {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
}

export interface PoliteFetchOptions {
  readonly fetch?: typeof fetch
  readonly sleep?: (ms: number) => Promise<void>
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number
  readonly now?: () => number
  /** Default 2. */
  readonly requestsPerSecond?: number
  /** Of one attempt, its body included. Default 30,000. */
  readonly timeoutMs?: number
}

/** The other side cannot be reached, or keeps failing: every attempt was made. */
export class UnreachableError extends UnavailableError {}

const BACK_OFF_MS = [2000, 4000, 8000]
/** Somebody who asks for more patience than this is not waited for in a running step. */
const MOST_PATIENCE_MS = 120_000

/**
 * Fetch with manners: a rate limit, a timeout, and up to three more attempts after a network error, a timeout or a passing status
 * (408, 425, 429, 5xx), after full-jitter waits of up to 2, 4 and 8 s, and never sooner than a `Retry-After` (which holds back every
 * other request of this function too). Any other status is an answer and comes back as it is.
 * @throws UnreachableError when the attempts are used up, or a `Retry-After` is longer than two minutes. It names the host and no more
 *   of the address, which may hold tokens.
 */
export function politeFetch(
  options: PoliteFetchOptions = {},
): (url: string | URL, init?: RequestInit) => Promise<HttpReply> {
  const { fetch = globalThis.fetch, random = Math.random, now = Date.now, timeoutMs = 30_000 } = options
  const sleep = options.sleep ?? ((ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)))
  const limit = rateLimit({ perSecond: options.requestsPerSecond ?? 2, now, sleep })

  const attempt = async (url: URL, init: RequestInit): Promise<HttpReply | Error> => {
    try {
      const timeout = AbortSignal.timeout(timeoutMs)
      const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
      const response = await fetch(url, { ...init, signal })
      return { status: response.status, headers: response.headers, body: new Uint8Array(await response.arrayBuffer()) }
    } catch (cause) {
      if (init.signal?.aborted) throw cause
      return cause instanceof Error ? cause : new Error(String(cause))
    }
  }

  return async (address, init = {}) => {
    const url = new URL(address)
    for (let tries = 1; ; tries++) {
      await limit.turn()
      const reply = await attempt(url, init)
      if (!(reply instanceof Error) && !isWorthRetrying(reply.status)) return reply

      const words = reply instanceof Error ? networkWords(reply) : `it answered ${reply.status}`
      const cause = reply instanceof Error ? { cause: reply } : {}
      const asked = reply instanceof Error ? undefined : retryAfterMs(reply.headers, now())
      if (asked !== undefined && asked > MOST_PATIENCE_MS) {
        throw new UnreachableError(
          `${url.host} wants to be left alone for ${Math.round(asked / 1000)} s: ${words}`,
          cause,
        )
      }
      if (asked !== undefined) limit.pause(asked)
      if (tries > BACK_OFF_MS.length) throw new UnreachableError(`${url.host} failed ${tries} times: ${words}`, cause)
      await sleep(Math.max(asked ?? 0, random() * BACK_OFF_MS[tries - 1]))
    }
  }
}

/** Node says "fetch failed" and hides in the cause what happened. */
function networkWords(error: Error): string {
  if (error.name === 'TimeoutError') return 'it did not answer in time'
  const cause = error.cause
  if (!(cause instanceof Error)) return error.message
  const code = (cause as NodeJS.ErrnoException).code
  return cause.message || code || error.message
}
