import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { smtpNotifier } from '../../../../shared/adapters/notify/smtp.ts'
import { PermanentError, UnavailableError } from '../../../../shared/ports/errors.ts'

const NOTICE = {
  key: 'monitoring/made/2024-03-08/alerts',
  severity: 'warning',
  title: 'SIMULATED: fund, 2024-03-08: 1 alert raised',
  text: 'Raised, warning: Ünlimited is 8.00 % of the fund\n.\nOpen in all: 1.\n',
} as const

interface Received {
  readonly to: readonly string[]
  readonly user: string | undefined
  readonly secure: boolean
  readonly mail: string
}

let server: SMTPServer | undefined
let received: Received[] = []
afterEach(async () => {
  received = []
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
  server = undefined
})

/** A mail server on this machine that lets in `fund` with `hidden`, and its `host:port`. */
async function listen(options: SMTPServerOptions = {}): Promise<string> {
  const made = new SMTPServer({
    authOptional: true,
    onAuth({ username, password }, _, done) {
      if (username === 'fund' && password === 'hidden') return done(null, { user: username })
      done(Object.assign(new Error('wrong'), { responseCode: 535 }))
    },
    onData(stream, { envelope, user, secure }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk) => chunks.push(chunk))
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address)
        received.push({ to, user, secure, mail: Buffer.concat(chunks).toString('utf8') })
        done()
      })
    },
    ...options,
  })
  server = made
  made.on('error', () => {})
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(made.server.address() as AddressInfo).port}`
}

const notify = (url: string, to = 'me@example.com') =>
  smtpNotifier({ url, from: 'fund@example.com', to, timeoutMs: 2000 }).notify(NOTICE)
const failure = (url: string): Promise<Error> =>
  notify(url).then(
    () => new Error('it was taken'),
    (error) => error,
  )

describe('e-mail', () => {
  it('brings title and text to everybody, under an id that a repetition has too', async () => {
    const at = await listen({ disabledCommands: ['STARTTLS'] })
    await notify(`smtp://${at}`, 'me@example.com, you@example.com')
    await notify(`smtp://${at}`)
    const [{ to, mail }, again] = received
    expect(to).toEqual(['me@example.com', 'you@example.com'])
    expect(mail).toMatch(/^Subject: SIMULATED: fund, 2024-03-08: 1 alert raised\r$/m)
    expect(mail).toMatch(/^From: fund@example\.com\r$/m)
    expect(mail).toMatch(/=C3=9Cnlimited is 8\.00 % of the fund/)
    const idOf = (text: string) => /^Message-ID: (<[0-9a-f]{32}@edgefund>)\r$/im.exec(text)?.[1]
    expect(idOf(mail)).toBeDefined()
    expect(idOf(again.mail)).toBe(idOf(mail))
  })

  it('logs in over STARTTLS, and over TLS from the first byte', async () => {
    const at = await listen()
    await notify(`smtp://fund:hidden@${at}?tls.rejectUnauthorized=false`)
    expect(received).toMatchObject([{ user: 'fund', secure: true }])
    await new Promise<void>((resolve) => server!.close(() => resolve()))
    const secure = await listen({ secure: true })
    await notify(`smtps://fund:hidden@${secure}?tls.rejectUnauthorized=false`)
    expect(received).toMatchObject([{}, { user: 'fund', secure: true }])
  })

  it('gives no password to a server without TLS, unless its address says so', async () => {
    const at = await listen({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true })
    expect(await failure(`smtp://fund:hidden@${at}`)).toBeInstanceOf(PermanentError)
    expect(received).toEqual([])
    await notify(`smtp://fund:hidden@${at}?ignoreTLS=true`)
    expect(received).toMatchObject([{ user: 'fund', secure: false }])
  })

  it('gives no password to a server that it cannot verify', async () => {
    const at = await listen()
    await failure(`smtp://fund:hidden@${at}`)
    expect(received).toEqual([])
  })

  it('is refused with a wrong password, and the error does not hold it', async () => {
    const at = await listen()
    const error = await failure(`smtp://fund:hidden-wrong@${at}?tls.rejectUnauthorized=false`)
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toMatch(/^The mail server 127\.0\.0\.1:\d+ did not take a message: it answered 535$/)
  })

  it.each([
    [451, UnavailableError],
    [421, UnavailableError],
    [550, PermanentError],
  ])('is told by %i whether to try again', async (responseCode, kind) => {
    const refuse: SMTPServerOptions['onRcptTo'] = (_, __, done) =>
      done(Object.assign(new Error('no'), { responseCode }))
    const at = await listen({ onRcptTo: refuse })
    expect(await failure(`smtp://${at}?ignoreTLS=true`)).toBeInstanceOf(kind)
  })

  it('waits for a server that is away', async () => {
    expect(await failure('smtp://127.0.0.1:1')).toBeInstanceOf(UnavailableError)
  })
})
