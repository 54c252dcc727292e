import { request } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, openGateway } from '../../../infra/local/gateway.ts'
import { json, service } from '../../../shared/runtime/service.ts'
import { openToyHouse, type ToyHouse } from './toy-house.ts'

const TOKEN = 'secret-of-the-lock'
let house: ToyHouse
let gateway: Gateway

const greeter = service({
  name: 'toy-greeter',
  routes: [{ method: 'GET', path: '/hello/:name', run: ({ params }) => json(200, { hello: params.name }) }],
})

beforeAll(async () => {
  house = await openToyHouse()
  gateway = await openGateway({ house, services: [greeter], token: TOKEN, port: 0, requestTimeoutMs: 1_000 })
})
afterAll(async () => {
  await gateway.stop()
  await house.stop()
})

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** A call with any header, `Host` and `Origin` included, which `fetch` would not send. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer; port?: number } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body, port = gateway.port } = options
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    call.on('error', reject)
    call.end(body)
  })
}

const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  ask(path, { method: 'POST', body, headers })

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !holds(); await sleep(5)) {
    if (Date.now() > end) throw new Error('Waited five seconds in vain')
  }
}

describe('a function', () => {
  it('is woken by a call and says what became of it', async () => {
    const answer = await post('/function/toy-hear-word', '{"word":"directly"}')
    expect(answer).toMatchObject({ status: 200, headers: { 'edgefund-outcome': 'done' } })
    expect(JSON.parse(answer.body)).toMatchObject({ outcome: 'done', events: [{ subject: 'toy.word.heard' }] })
    expect(house.heard).toContain('directly')
  })

  it('may be named with its namespace, and keeps the id of the call', async () => {
    const answer = await post('/function/toy-hear-word.openfaas-fn', '{"word":"named"}', { 'x-call-id': 'call-1' })
    expect(answer).toMatchObject({ status: 200, headers: { 'x-call-id': 'call-1' } })
  })

  it('that is a service answers by path', async () => {
    expect(await ask('/function/toy-greeter/hello/you')).toMatchObject({ status: 200, body: '{"hello":"you"}\n' })
    expect(await ask('/function/toy-greeter/nothing')).toMatchObject({ status: 404 })
    expect(await post('/function/toy-greeter/hello/you', '')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    })
  })

  it('that is not there is 404', async () => {
    expect(await post('/function/toy-nobody', '{}')).toMatchObject({ status: 404 })
    expect(await post('/async-function/toy-nobody', '{}')).toMatchObject({ status: 404 })
    expect(await ask('/nowhere')).toMatchObject({ status: 404 })
    expect(await ask('/function/..%2f..%2fetc')).toMatchObject({ status: 404 })
  })

  it('keeps its connection for the next call', async () => {
    const socket = connect(gateway.port, '127.0.0.1')
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk
    })
    const call = `GET /healthz HTTP/1.1\r\nHost: localhost:${gateway.port}\r\n\r\n`
    for (let calls = 1; calls <= 3; calls++) {
      socket.write(call)
      await until(() => received.split('HTTP/1.1 200 OK').length === calls + 1)
    }
    expect(received).not.toMatch(/connection: close/i)
    socket.destroy()
  })
})

describe('an asynchronous call', () => {
  it('is answered 202 before the work, which is kept and done', async () => {
    const answer = await post('/async-function/toy-hear-word', '{"word":"slow"}')
    expect(answer.status).toBe(202)
    const { event } = JSON.parse(answer.body) as { event: string }
    const rows = await house.parts.database.read('select 1 from pipeline.deliveries where event_id = $1', [event])
    expect(rows).toHaveLength(1)
    expect(house.heard).not.toContain('slow')
    await until(() => house.heard.includes('slow'))
  })

  it('with the same Idempotency-Key is one event', async () => {
    const headers = { 'idempotency-key': 'once' }
    const first = await post('/async-function/toy-hear-word', '{"word":"only-once"}', headers)
    const second = await post('/async-function/toy-hear-word', '{"word":"only-once"}', headers)
    expect(second.body).toBe(first.body)
    await until(() => house.heard.includes('only-once'))
    await sleep(50)
    expect(house.heard.filter((word) => word === 'only-once')).toHaveLength(1)
  })

  it('opens the run of a clock step', async () => {
    const answer = await post('/async-function/toy-open-day', '', { 'idempotency-key': 'by-hand' })
    expect(answer).toMatchObject({ status: 202 })
    expect(JSON.parse(answer.body)).toMatchObject({ run: 'toy:by-hand', reason: 'opened' })
    await until(() => house.heard.includes('by-hand'))
  })

  it('that can come to nothing is refused at once, and kept', async () => {
    const answer = await post('/async-function/toy-hear-word', '{"word":1}')
    expect(answer).toMatchObject({ status: 400, headers: { 'edgefund-outcome': 'poison' } })
    const [row] = await house.parts.database.read<{ original: Buffer }>(
      "select original from pipeline.deliveries where subscriber = 'toy-hear-word' and original is not null",
    )
    expect(row.original.toString()).toBe('{"word":1}')
  })

  it('takes POST only and calls nobody back', async () => {
    expect(await ask('/async-function/toy-hear-word')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
    const headers = { 'x-callback-url': 'http://example.com' }
    expect(await post('/async-function/toy-hear-word', '{"word":"x"}', headers)).toMatchObject({ status: 400 })
  })

  it('needs the signature or token that a direct call needs', async () => {
    const keys = [{ id: 'k', secret: 's' }]
    const guarded = await openToyHouse({ auth: { keys, token: 'letmein' } })
    const other = await openGateway({ house: guarded, token: TOKEN, port: 0 })
    const call = (headers: Record<string, string>) =>
      ask('/async-function/toy-hear-word', { method: 'POST', body: '{"word":"guarded"}', headers, port: other.port })
    expect(await call({})).toMatchObject({ status: 401 })
    expect(await call({ authorization: 'Bearer wrong' })).toMatchObject({ status: 401 })
    expect(guarded.heard).toEqual([])
    expect(await call({ authorization: 'Bearer letmein' })).toMatchObject({ status: 202 })
    await until(() => guarded.heard.includes('guarded'))
    await other.stop()
    await guarded.stop()
  })
})

describe('a body', () => {
  const tooLarge = Buffer.alloc(10_001, 0x20)

  it('that is too large is 413, whether announced or not, and the connection ends in good order', async () => {
    const announced = await post('/function/toy-hear-word', tooLarge)
    expect(announced).toMatchObject({ status: 413, headers: { 'edgefund-outcome': 'poison', connection: 'close' } })
    const chunked = await new Promise<Answer>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: gateway.port, path: '/function/toy-hear-word', method: 'POST' }
      const call = request({ ...options, agent: false }, (response) => {
        response.resume()
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' }))
      })
      call.on('error', reject)
      // Larger than any buffer between here and there: the answer must come although nobody wants the rest.
      for (let i = 0; i < 300; i++) call.write(tooLarge)
      call.end()
    })
    expect(chunked.status).toBe(413)
  })

  it('is not asked for when it is too large', async () => {
    const seen: string[] = []
    await new Promise<void>((resolve, reject) => {
      const call = request(
        {
          host: '127.0.0.1',
          port: gateway.port,
          path: '/function/toy-hear-word',
          method: 'POST',
          agent: false,
          headers: { expect: '100-continue', 'content-length': '5000000' },
        },
        (response) => {
          seen.push(String(response.statusCode))
          response.resume()
          call.destroy()
          resolve()
        },
      )
      call.on('continue', () => seen.push('100'))
      call.on('error', reject)
      call.flushHeaders()
    })
    expect(seen).toEqual(['413'])
  })

  it('that does not come to its end in time is 408', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(gateway.port, '127.0.0.1')
      let received = ''
      socket.on('data', (chunk) => {
        received += chunk
      })
      socket.on('close', () => resolve(received))
      socket.on('error', () => {})
      socket.write(
        `POST /function/toy-hear-word HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nContent-Length: 20\r\n\r\n{"wo`,
      )
    })
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
  })

  it('whose client goes away harms nobody', async () => {
    const socket = connect(gateway.port, '127.0.0.1')
    socket.write(
      `POST /function/toy-hear-word HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nContent-Length: 20\r\n\r\n{"wo`,
    )
    await sleep(50)
    socket.destroy()
    await sleep(50)
    expect(await ask('/healthz')).toMatchObject({ status: 200 })
  })
})

describe('a caller from elsewhere', () => {
  const at = (host: string) => ask('/healthz', { headers: { host } })

  it('is refused by the name it calls the gateway', async () => {
    for (const name of ['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST']) {
      expect(await at(`${name}:${gateway.port}`)).toMatchObject({ status: 200 })
    }
    for (const host of [
      'evil.example',
      `evil.example:${gateway.port}`,
      'localhost',
      'localhost:1',
      `0.0.0.0:${gateway.port}`,
    ]) {
      expect(await at(host), host).toMatchObject({ status: 403 })
    }
  })

  it('is refused by its origin', async () => {
    const from = (origin: string) =>
      post('/function/toy-hear-word', '{"word":"foreign"}', { origin, host: `localhost:${gateway.port}` })
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${gateway.port}`, 'http://localhost:1']) {
      expect(await from(origin), origin).toMatchObject({ status: 403 })
    }
    expect(house.heard).not.toContain('foreign')
    expect(await from(`http://localhost:${gateway.port}`)).toMatchObject({ status: 200 })
  })

  it('is refused when a browser says that another site made the call', async () => {
    const from = (site: string) => ask('/healthz', { headers: { 'sec-fetch-site': site } })
    expect(await from('cross-site')).toMatchObject({ status: 403 })
    expect(await from('none')).toMatchObject({ status: 200 })
  })
})

describe('a port', () => {
  it('that is taken is named', async () => {
    await expect(openGateway({ house, token: TOKEN, port: gateway.port })).rejects.toThrow(
      /another program listens there; choose another --port/,
    )
  })

  it('is open on loopback alone', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? [])
    const outside = addresses.filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of outside) {
      const refused = await new Promise<boolean>((resolve) => {
        const socket = connect(gateway.port, address, () => resolve(false))
        socket.on('error', () => resolve(true))
      })
      expect(refused, address).toBe(true)
    }
  })
})

describe('the system pages', () => {
  it('list the functions as OpenFaaS does', async () => {
    await post('/function/toy-hear-word', '{"word":"counted"}')
    const answer = await ask('/system/functions')
    const functions = JSON.parse(answer.body) as { name: string; invocationCount: number }[]
    expect(functions.map(({ name }) => name)).toEqual(['toy-greeter', 'toy-hear-word', 'toy-open-day', 'toy-open-poll'])
    expect(functions[1]).toMatchObject({
      image: 'edgefund/toy-hear-word:1.2.3',
      namespace: 'openfaas-fn',
      replicas: 1,
      availableReplicas: 1,
      labels: { room: 'toy' },
      annotations: { topic: 'toy.word.said' },
    })
    expect(functions[1].invocationCount).toBeGreaterThan(0)
    expect(functions[2]).toMatchObject({ annotations: { topic: 'cron-function', schedule: '0 6 * * *' } })
  })

  it('tell of the gateway, its health and its metrics', async () => {
    expect(JSON.parse((await ask('/system/info')).body)).toMatchObject({ version: { release: '1.2.3' } })
    expect(await ask('/healthz', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
    expect((await ask('/metrics')).body).toMatch(
      /^edgefund_step_outcomes_total\{step="toy-hear-word",outcome="done"\} \d+$/m,
    )
    expect(await post('/system/functions', '{}')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  })
})

describe('an operation', () => {
  const authorization = `Bearer ${TOKEN}`
  const operate = (name: string, input: unknown, headers: Record<string, string> = { authorization }) =>
    post(`/edgefund/operations/${name}`, JSON.stringify(input), headers)

  it('needs the token of the lock', async () => {
    expect(await operate('runs-list', {}, {})).toMatchObject({ status: 401 })
    expect(await operate('runs-list', {}, { authorization: 'Bearer wrong' })).toMatchObject({ status: 401 })
    expect(await operate('runs-list', {})).toMatchObject({ status: 200 })
  })

  it('is a POST of JSON that fits, to a name that is there', async () => {
    expect(await ask('/edgefund/operations/runs-list', { headers: { authorization } })).toMatchObject({ status: 405 })
    expect(await operate('toString', {})).toMatchObject({ status: 404 })
    const wrong = await operate('runs-list', { limit: 'many' })
    expect(wrong.status).toBe(400)
    expect(JSON.parse(wrong.body)).toMatchObject({ kind: 'input', message: expect.stringContaining('limit') })
  })

  it('opens one new revision however often it is asked', async () => {
    const run = { workflow: 'toy', key: 'again', params: {} }
    expect(JSON.parse((await operate('open-run', run)).body)).toMatchObject({ run: 'toy:again', opened: true })
    expect(JSON.parse((await operate('open-run', run)).body)).toMatchObject({ run: 'toy:again', opened: false })
    const again = { ...run, againAfter: 'toy:again' }
    expect(JSON.parse((await operate('open-run', again)).body)).toMatchObject({ run: 'toy:again:r2', opened: true })
    expect(JSON.parse((await operate('open-run', again)).body)).toMatchObject({ run: 'toy:again:r2', opened: false })
  })

  it('knows which session a date means', async () => {
    const due = async (input: object) => JSON.parse((await operate('due-slot', input)).body) as Record<string, string>
    expect(await due({ workflow: 'toy' })).toEqual({ key: '2026-01-09', from: '2026-01-09', to: '2026-01-09' })
    expect(await due({ workflow: 'toy', date: '2026-01-08' })).toMatchObject({ key: '2026-01-08' })
    expect((await due({ workflow: 'toy', date: '2026-01-10' })).message).toMatch(/no session of XNYS.*2026-01-09/)
    expect((await due({ workflow: 'toy', date: '2026-01-12' })).message).toMatch(/has not closed yet.*2026-01-09/)
    expect((await due({ workflow: 'toy-poll', date: '2026-01-08' })).message).toMatch(/takes no --date/)
    expect((await due({ workflow: 'nothing' })).message).toMatch(/no workflow "nothing"; there are toy, toy-poll/)
  })

  it('shows a failed run, its dead letters, and tries them again', async () => {
    const { run } = JSON.parse(
      (await operate('open-run', { workflow: 'toy', key: 'bad', params: { words: ['fine', 'die'] } })).body,
    )
    await house.waitFor(run)
    const shown = JSON.parse((await operate('run-show', { run: 'bad' })).body)
    expect(shown).toMatchObject({ run: 'toy:bad', state: 'failed', otherSettings: false, quality: null })
    expect(shown.steps).toMatchObject([
      { step: 'toy-open-day', done: 1, dead: 0, attempts: 1 },
      { step: 'toy-hear-word', done: 1, dead: 1, attempts: 2, reasons: ['This word kills'] },
    ])
    const [letter] = JSON.parse((await operate('dead-letters-list', { run })).body)
    expect(letter).toMatchObject({ subscriber: 'toy-hear-word', run, reason: 'This word kills', replayable: true })
    const [whole] = JSON.parse((await operate('dead-letters-show', { event: letter.event })).body)
    expect(whole).toMatchObject({ data: { word: 'die' }, original: null })
    expect(JSON.parse((await operate('dead-letters-replay', { event: letter.event })).body)).toMatchObject({
      runs: [run],
    })
    expect((await house.waitFor(run)).state).toBe('failed')
    expect(JSON.parse((await operate('run-retry', { run })).body)).toEqual({ run, replayed: 1 })
    await house.waitFor(run)
    const trail = JSON.parse((await operate('trail', { run })).body)
    expect(trail.next).toBeNull()
    const subjects = trail.events.map((said: { subject: string }) => said.subject)
    expect(subjects.filter((subject: string) => subject === 'toy.word.heard')).toHaveLength(1)
    expect(subjects[0]).toBe('pipeline.run.opened')
  })

  it('names what there is when there is no such run', async () => {
    const answer = await operate('run-show', { run: 'nothing' })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body).message).toMatch(/There is no run "nothing"; the latest are toy:/)
  })
})

describe('stopping', () => {
  it('finishes what is under way and takes nothing new', async () => {
    const own = await openToyHouse()
    const other = await openGateway({ house: own, token: TOKEN, port: 0 })
    const slow = ask('/function/toy-hear-word', { method: 'POST', body: '{"word":"slow"}', port: other.port })
    await sleep(100)
    const stopped = other.stop()
    await expect(ask('/healthz', { port: other.port })).rejects.toThrow(/ECONNREFUSED/)
    expect(await slow).toMatchObject({ status: 200 })
    await stopped
    await own.stop()
  })
})
