import { createHmac } from 'node:crypto'
import { PermanentError, UnavailableError } from '../../ports/errors.ts'
import type { Notice, Notifier } from '../../ports/notifier.ts'
import { isWorthRetrying } from '../http/retry-class.ts'

export interface WebhookOptions {
  readonly url: string
  /** Signs every request; without it none is signed. */
  readonly secret?: string | undefined
  readonly fetch?: typeof fetch
  readonly now?: () => number
  /** Default 10,000. */
  readonly timeoutMs?: number
}

/**
 * POSTs notices as JSON (`key, severity, title, text`). With a secret the header `edgefund-signature` reads `t=…,v1=…`: seconds since the
 * epoch, and the HMAC-SHA256 in hexadecimal over that number, a dot and the very bytes of the body. `idempotency-key` is the notice's key.
 * The other side's failures, too many requests and the network's are an `UnavailableError`; any other status, a redirect too, is a
 * `PermanentError`. Both name the host and no more of the address, which may hold a token.
 */
export function webhookNotifier(options: WebhookOptions): Notifier {
  const { secret, fetch = globalThis.fetch, now = Date.now, timeoutMs = 10_000 } = options
  const url = new URL(options.url)
  return {
    name: 'webhook',
    async notify({ key, severity, title, text }: Notice) {
      const body = JSON.stringify({ key, severity, title, text })
      const headers: Record<string, string> = { 'content-type': 'application/json', 'idempotency-key': key }
      if (secret !== undefined) headers['edgefund-signature'] = signatureOf(secret, body, now())
      let response: Response
      try {
        const signal = AbortSignal.timeout(timeoutMs)
        response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
      } catch (cause) {
        throw new UnavailableError(`The webhook at ${url.host} cannot be reached: ${networkWords(cause)}`, { cause })
      }
      // What it says is not read, but its connection is let go.
      await response.body?.cancel().catch(() => {})
      if (response.ok) return
      const answered = `The webhook at ${url.host} answered ${response.status}`
      if (response.status >= 500 || isWorthRetrying(response.status)) throw new UnavailableError(answered)
      throw new PermanentError(`${answered}, expected 2xx: its address or its secret is wrong`)
    },
  }
}

function signatureOf(secret: string, body: string, atMs: number): string {
  const t = Math.floor(atMs / 1000)
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`
}

/** Node says "fetch failed" and hides in the cause what happened. */
function networkWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'it did not answer in time'
  return error.cause instanceof Error ? error.cause.message || error.message : error.message
}
