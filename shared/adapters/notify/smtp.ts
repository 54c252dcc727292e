import { createHash } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { PermanentError, UnavailableError } from '../../ports/errors.ts'
import type { Notifier } from '../../ports/notifier.ts'

export interface SmtpOptions {
  /**
   * `smtp://user:password@host:587`, or `smtps://…` for TLS from the first byte. With a login, `smtp` asks for STARTTLS and goes no further
   * without it, unless the address says `?ignoreTLS=true`. `?tls.servername=…` and other options of the TLS connection may follow.
   */
  readonly url: string
  readonly from: string
  /** One address, or several with commas between them. */
  readonly to: string
  /** Of every step of a conversation with the server. Default 10,000. */
  readonly timeoutMs?: number
}

/** What can go well another time: the network, a server that is busy. */
const PASSING = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ESTREAM', 'EPROTOCOL'])

/**
 * Notices as e-mail, plain text. Its Message-ID follows from the notice's key, so a mailbox can tell a repetition. A server that is away, or
 * that says 4xx, is an `UnavailableError`; a refusal is a `PermanentError`. Neither repeats the address, which holds a password.
 */
export function smtpNotifier({ url, from, to, timeoutMs = 10_000 }: SmtpOptions): Notifier {
  const { host, username, searchParams, protocol } = new URL(url)
  const requireTLS = protocol === 'smtp:' && username !== '' && searchParams.get('ignoreTLS') !== 'true'
  const transport = createTransport({
    url,
    requireTLS,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    name: 'e-mail',
    async notify({ key, title, text }) {
      const messageId = `<${createHash('sha256').update(key).digest('hex').slice(0, 32)}@edgefund>`
      try {
        await transport.sendMail({ from, to, subject: title, text, messageId })
      } catch (cause) {
        throw failureOf(cause, host)
      }
    },
  }
}

function failureOf(cause: unknown, host: string): Error {
  const { code, responseCode } = cause as { readonly code?: string; readonly responseCode?: number }
  const said = responseCode === undefined ? (code ?? 'it failed') : `it answered ${responseCode}`
  const words = `The mail server ${host} did not take a message: ${said}`
  const passes = responseCode === undefined ? PASSING.has(code ?? '') : responseCode < 500
  return passes ? new UnavailableError(words, { cause }) : new PermanentError(words, { cause })
}
