import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { webhookNotifier } from '../../../../shared/adapters/notify/webhook.ts'
import { PermanentError, UnavailableError } from '../../../../shared/ports/errors.ts'

const NOTICE = {
  key: 'monitoring/made/2024-03-08/alerts',
  severity: 'critical',
  title: 'Fünf',
  text: 'a\n"b"',
} as const
const AT = Date.parse('2024-03-11T18:00:00.900Z')

let server: Server
let url: string
let requests: { headers: IncomingHttpHeaders; method: string | undefined; path: string | undefined; body: string }[]
/** What it answers; 0 is nothing at all. */
let status = 200
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { headers, method, url: path } = request
    requests.push({ headers, method, path, body: Buffer.concat(chunks).toString('utf8') })
    if (status === 0) return
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('some words')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/hidden-token?key=hidden-too`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  requests = []
  status = 200
})

const failure = async (given: number, timeoutMs?: number): Promise<Error> => {
  status = given
  const notifier = webhookNotifier({ url, ...(timeoutMs !== undefined && { timeoutMs }) })
  return notifier.notify(NOTICE).then(
    () => new Error('it was taken'),
    (error) => error,
  )
}

describe('the webhook', () => {
  it('is given the notice as JSON, signed over the very bytes', async () => {
    await webhookNotifier({ url, secret: 'shared', now: () => AT }).notify(NOTICE)
    const [{ headers, method, path, body }] = requests
    expect({ method, path }).toEqual({ method: 'POST', path: '/hook/hidden-token?key=hidden-too' })
    expect(JSON.parse(body)).toEqual(NOTICE)
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': NOTICE.key })
    const t = Math.floor(AT / 1000)
    const v1 = createHmac('sha256', 'shared').update(`${t}.${body}`).digest('hex')
    expect(headers['edgefund-signature']).toBe(`t=${t},v1=${v1}`)
  })

  it('is given no signature without a secret', async () => {
    await webhookNotifier({ url }).notify(NOTICE)
    expect(requests[0].headers).not.toHaveProperty('edgefund-signature')
  })

  it.each([500, 502, 503, 429, 408])('is away when it answers %i', async (given) => {
    const error = await failure(given)
    expect(error).toBeInstanceOf(UnavailableError)
    expect(error.message).toMatch(new RegExp(`^The webhook at 127\\.0\\.0\\.1:\\d+ answered ${given}$`))
  })

  it.each([400, 401, 404, 410, 302])('refuses when it answers %i', async (given) => {
    expect(await failure(given)).toBeInstanceOf(PermanentError)
    expect(requests).toHaveLength(1)
  })

  it('is away when it does not answer in time, or nobody listens', async () => {
    const late = await failure(0, 50)
    expect(late).toBeInstanceOf(UnavailableError)
    expect(late.message).toContain('it did not answer in time')
    const nobody = await webhookNotifier({ url: 'http://127.0.0.1:1/hidden' })
      .notify(NOTICE)
      .catch((error) => error)
    expect(nobody).toBeInstanceOf(UnavailableError)
    expect(nobody.message).toMatch(/ECONNREFUSED|bad port/)
  })

  it('is never named with what may be a secret in its address', async () => {
    for (const given of [500, 404]) expect((await failure(given)).message).not.toContain('hidden')
  })
})
