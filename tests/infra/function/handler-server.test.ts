import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { ROOT } from '../../../infra/build/build.ts'
import { bundle } from '../../../infra/build/bundle.ts'
import { serverSource } from '../../../infra/build/entry.ts'
import { type Handler, type HandlerServer, serveHandler } from '../../../infra/function/handler-server.ts'
import { toCall } from '../../../infra/function/template-call.ts'
import { startFunction } from '../../real/function-process.ts'
import { bytes, call, post } from './calls.ts'

const MOST = 1_000

describe('the server around a handler', () => {
  let server: HandlerServer
  let handler: Handler
  let url: string
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  beforeAll(async () => {
    server = await serveHandler((event, context) => handler(event, context), { port: 0, maxBodyBytes: MOST })
    url = `http://127.0.0.1:${server.port}`
  })
  afterEach(() => said.mockClear())
  afterAll(async () => {
    said.mockRestore()
    await server.close()
  })

  it('hands on the very bytes, method, path and query, whatever the body calls itself', async () => {
    handler = (event, context) => {
      const { body, ...rest } = toCall(event)
      const { 'x-topic': topic } = event.headers ?? {}
      context.succeed({ ...rest, headers: { topic }, body: Buffer.from(body).toString('hex') })
    }
    const sent = Buffer.from([0xff, 0, 1])
    for (const type of ['application/json', 'application/octet-stream', undefined]) {
      const headers = { 'x-topic': 'a.b', ...(type && { 'content-type': type }) }
      const answer = await post(`${url}/a%20b/c?d=x%20y&e=1&e=2`, sent, headers)
      expect(answer).toMatchObject({ status: 200, type: 'application/json' })
      expect(answer.json()).toEqual({
        method: 'POST',
        path: '/a%20b/c',
        query: '?d=x+y&e=1&e=2',
        headers: { topic: 'a.b' },
        body: 'ff0001',
      })
    }
    const nothing = await call(url)
    expect(nothing.json()).toMatchObject({ method: 'GET', path: '/', query: '', body: '' })
  })

  it('answers with the status and headers that were set, a text and bytes as they are', async () => {
    handler = (_, context) => context.status(202).headers({ 'content-type': 'text/csv', 'x-a': 'b' }).succeed('a,b\n')
    const text = await post(url)
    expect(text).toMatchObject({ status: 202, type: 'text/csv', text: 'a,b\n' })
    expect(text.headers.get('x-a')).toBe('b')
    expect(text.headers.get('content-length')).toBe('4')
    handler = (_, context) => context.succeed(Buffer.from([1, 2]))
    expect(await post(url)).toMatchObject({ status: 200, type: 'application/octet-stream', text: '\u0001\u0002' })
  })

  it('answers with what the promise comes to where the handler gives no answer', async () => {
    handler = async () => ({ a: 1 })
    expect(await post(url)).toMatchObject({ status: 200, type: 'application/json', text: '{"a":1}' })
    handler = async () => undefined
    expect(await post(url)).toMatchObject({ status: 200, text: '' })
  })

  it('answers once, with the first that is given', async () => {
    handler = (_, context) => {
      context.status(201).succeed('first')
      context.status(500).succeed('second')
      throw new Error('third')
    }
    expect(await post(url)).toMatchObject({ status: 201, text: 'first' })
  })

  it('answers 500 to what fails: said, thrown, or rejected', async () => {
    handler = (_, context) => context.headers({ 'x-a': 'b' }).fail('no')
    expect(await post(url)).toMatchObject({ status: 500, text: 'no' })
    handler = (_, context) => context.status(503).fail('not now')
    expect(await post(url)).toMatchObject({ status: 503, text: 'not now' })
    handler = () => {
      throw new Error('thrown')
    }
    expect(await post(url)).toMatchObject({ status: 500, text: '{"error":"thrown"}' })
    handler = async () => {
      throw new Error('rejected')
    }
    const rejected = await post(url)
    expect(rejected).toMatchObject({ status: 500, outcome: undefined, text: '{"error":"rejected"}' })
    expect(said).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['a header of two lines', { a: 'b\r\nc' }, 200, 'never seen'],
    ['a status that there is not', { 'content-type': 'text/csv' }, 1_000, 'never seen'],
    ['a body that is no JSON', {}, 200, { number: 1n }],
  ])('answers 500 instead of %s', async (_, headers, status, body) => {
    handler = (_event, context) => context.status(status).headers(headers).succeed(body)
    const answer = await post(url)
    expect(answer).toMatchObject({ status: 500, type: 'application/json', text: expect.stringContaining('"error"') })
  })

  it('sends no body to who asked for the head alone', async () => {
    handler = (_, context) => context.succeed('four')
    const head = await call(url, { method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(head.headers.get('content-length')).toBe('4')
  })

  it('takes a body up to its limit, and not one byte more, announced or not', async () => {
    handler = ({ body }, context) => context.succeed(String((body as Buffer).length))
    expect(await post(url, 'x'.repeat(MOST))).toMatchObject({ status: 200, text: '1000' })
    const refused = { status: 413, outcome: undefined, text: '{"error":"The body is larger than 1000 bytes"}' }
    expect(await post(url, 'x'.repeat(MOST + 1))).toMatchObject(refused)
    expect(await sendInChunks(url, 'x'.repeat(600), 'x'.repeat(600))).toEqual(refused)
  })

  it('refuses a compressed body, which would not be what was signed', async () => {
    const answer = await post(url, gzipSync('{}'), { 'content-encoding': 'gzip' })
    expect(answer).toMatchObject({ status: 415, text: expect.stringContaining('\\"gzip\\", expected none') })
  })

  it('survives a client that goes away in the middle of its body', async () => {
    let called = 0
    handler = (_, context) => {
      called++
      context.succeed('here')
    }
    await new Promise<void>((resolve) => {
      const client = connect(server.port, '127.0.0.1', () => {
        client.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf', () => client.destroy())
      })
      client.on('close', () => resolve())
    })
    expect(await post(url)).toMatchObject({ status: 200, text: 'here' })
    expect(called).toBe(1)
  })
})

describe('a function as a process of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edgefund-server-'))
  beforeAll(async () => {
    writeFileSync(join(folder, 'index.js'), (await bundle(ROOT, serverSource(), false)).code)
    const handler = 'module.exports = async ({ body }, context) => context.status(201).succeed(body)\n'
    writeFileSync(join(folder, 'handler.js'), handler)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const run = (env: Readonly<Record<string, string>>) =>
    new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(process.execPath, [join(folder, 'index.js')], { env, timeout: 30_000 }, (error, _, stderr) =>
        resolve({ code: error?.code ?? 0, stderr }),
      )
    })

  it('serves the handler beside it, and takes 100 kB where nothing else is said', async () => {
    const fn = await startFunction({ folder, env: { MAX_RAW_SIZE: '' } })
    try {
      expect(await post(fn.url, bytes('hello'))).toMatchObject({ status: 201, text: 'hello' })
      expect(await post(fn.url, Buffer.alloc(102_401))).toMatchObject({ status: 413 })
    } finally {
      await fn.kill()
    }
  })

  it('ends with 1 and a sentence where the port is taken, so that the watchdog ends too', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const { code, stderr } = await run({ http_port: String(port) })
    taken.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^The function cannot be served: listen EADDRINUSE.*\n$/)
  })

  it.each([
    [{ http_port: 'http' }, 'http_port is "http", expected a port'],
    [{ MAX_RAW_SIZE: 'much' }, 'MAX_RAW_SIZE is "much", expected a size such as 2mb'],
  ])('ends with 1 and a sentence when it is given %j', async (env, reason) => {
    expect(await run(env)).toEqual({ code: 1, stderr: `The function cannot be served: ${reason}\n` })
  })
})

/** Sends a body without saying how long it will be. */
function sendInChunks(url: string, ...chunks: string[]) {
  return new Promise<{ status?: number; outcome: undefined; text: string }>((resolve, reject) => {
    const sending = request(url, { method: 'POST' }, async (answer) => {
      let text = ''
      for await (const chunk of answer) text += chunk
      resolve({ status: answer.statusCode, outcome: undefined, text })
    })
    sending.on('error', reject)
    for (const chunk of chunks) sending.write(chunk)
    sending.end()
  })
}
