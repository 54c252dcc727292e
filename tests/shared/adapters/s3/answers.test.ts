import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { s3Failure } from '../../../../shared/adapters/s3/failure.ts'
import { inCodeUnitOrder } from '../../../../shared/adapters/s3/list-objects.ts'
import { s3ObjectStore } from '../../../../shared/adapters/s3/object-store.ts'
import { prepareBucket } from '../../../../shared/adapters/s3/prepare.ts'
import { PermanentError, UnavailableError } from '../../../../shared/ports/errors.ts'
import type { ObjectInfo } from '../../../../shared/ports/object-store.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

type Answer = readonly [status: number, body?: string, headers?: Record<string, string>]
const ETAG = { etag: '"0123"' }
const fault = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>because</Message></Error>`

/** A server that answers as it is told, and where it is. */
async function serve(answer: (incoming: IncomingMessage, count: number) => Answer) {
  let count = 0
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    incoming.resume()
    incoming.on('end', () => {
      const [status, body = '', headers = {}] = answer(incoming, ++count)
      outgoing.writeHead(status, headers)
      outgoing.end(incoming.method === 'HEAD' ? undefined : body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const place = { endpoint, region: 'us-east-1', bucket: 'stub', accessKey: 'key', secretKey: 'secret' }
  const store = s3ObjectStore(place)
  closers.push(store.close, () => {
    server.closeAllConnections()
    server.close()
  })
  return { place, store, count: () => count }
}

describe('a server that answers in its own way', () => {
  it('is refused for good when it has no conditional writes, and found out beforehand', async () => {
    const { place, store } = await serve(({ headers }) =>
      'if-none-match' in headers || 'if-match' in headers ? [501, fault('NotImplemented')] : [200, '', ETAG],
    )

    for (const condition of [{ ifAbsent: true }, { ifMatch: 'x' }] as const) {
      const writing = store.put('k', bytes('x'), condition)
      await expect(writing).rejects.toThrow(PermanentError)
      await expect(writing).rejects.toThrow(
        /^Cannot write k \(bucket "stub" at .*\): this server has no conditional writes/,
      )
    }
    expect(await store.put('k', bytes('x'))).toBe('0123')
    expect((await prepareBucket(place)).conditionalWrites).toBe(false)
  })

  it('is found out when it does not look at the conditions', async () => {
    const { place } = await serve(() => [200, '', ETAG])

    expect(await prepareBucket(place)).toEqual({ bucket: 'keep', conditionalWrites: false })
  })

  it.each([
    [503, 'SlowDown'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
  ])('is asked again when it says %d %s, and unavailable when it goes on', async (status, code) => {
    let refusals = 2
    const { store, count } = await serve(() => (refusals-- > 0 ? [status, fault(code)] : [200, '', ETAG]))
    expect(await store.put('k', bytes('x'))).toBe('0123')
    expect(count()).toBe(3)

    refusals = Number.POSITIVE_INFINITY
    await expect(store.put('k', bytes('x'))).rejects.toThrow(UnavailableError)
    await expect(store.get('k')).rejects.toThrow(new RegExp(`\\(${status} ${code}\\)`))
  })

  it('that had a race (409) is asked again until it has decided', async () => {
    const { store, count } = await serve(({ method }, n) => {
      if (method === 'HEAD') return n < 4 ? [404] : [200, '', ETAG]
      return n === 1 ? [409, fault('ConditionalRequestConflict')] : [200, '', ETAG]
    })
    // PUT 409, HEAD object 404, HEAD bucket 404: so the bucket is missing.
    await expect(store.put('k', bytes('x'), { ifAbsent: true })).rejects.toThrow(/no such bucket/)
    expect(count()).toBe(3)

    const other = await serve(({ method, url }, n) => {
      if (method === 'HEAD') return url === '/stub/k' ? [404] : [200]
      return n === 1 ? [409, fault('ConditionalRequestConflict')] : [200, '', ETAG]
    })
    expect(await other.store.put('k', bytes('x'), { ifAbsent: true })).toBe('0123')
  })

  it('that never decides a race is unavailable', async () => {
    const { store } = await serve(({ method }) =>
      method === 'HEAD' ? [200, '', ETAG] : [412, fault('PreconditionFailed')],
    )

    await expect(store.put('k', bytes('x'), { ifMatch: '0123' })).rejects.toThrow(UnavailableError)
    expect(await store.put('k', bytes('x'), { ifMatch: '4567' })).toBeUndefined()
    expect(await store.put('k', bytes('x'), { ifAbsent: true })).toBeUndefined()
  })

  it('that knows the object only by 404 says so of ifMatch', async () => {
    const { store } = await serve(({ method, url }) => {
      if (method === 'HEAD') return url === '/stub/k' ? [404] : [200]
      return [404, fault('NoSuchKey')]
    })

    expect(await store.put('k', bytes('x'), { ifMatch: '0123' })).toBeUndefined()
    await expect(store.delete('k')).resolves.toBeUndefined()
  })

  it.each([
    ['a web page for everything', 200, '<html><body>Welcome</body></html>'],
    ['a web page that something is missing', 404, '<html>not found</html>'],
    ['a web page that something broke', 502, '<html>bad gateway</html>'],
    ['nothing but a status', 403, ''],
  ])('that answers with %s is not believed', async (_, status, page) => {
    const { store } = await serve(() => [status, page, { 'content-type': 'text/html' }])
    const calls = [
      () => store.get('k'),
      () => store.put('k', bytes('x')),
      () => store.head('k'),
      () => store.list('')[Symbol.asyncIterator]().next(),
    ]

    for (const call of calls) await expect(call()).rejects.toThrow(UnavailableError)
  })

  it.each([
    [301, 'PermanentRedirect', /check S3_REGION/],
    [400, 'AuthorizationHeaderMalformed', /check S3_REGION/],
    [403, 'RequestTimeTooSkewed', /clocks/],
    [403, 'QuotaExceeded', /quota/],
    [507, 'InsufficientStorage', /no space left/],
  ])('with %d %s says what to do', async (status, code, expected) => {
    const { store } = await serve(() => [status, fault(code)])

    await expect(store.put('k', bytes('x'))).rejects.toThrow(UnavailableError)
    await expect(store.put('k', bytes('x'))).rejects.toThrow(expected)
  })

  it('that does not speak HTTP is unavailable, and a mistake of the program stays one', async () => {
    const bug = new TypeError('undefined is not a function')
    expect(s3Failure('here', 'read k', bug)).toBe(bug)

    const strange = Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_CONSTANT' })
    expect(s3Failure('here', 'read k', strange)).toBeInstanceOf(UnavailableError)
    const store = s3ObjectStore({
      endpoint: 'http://127.0.0.1:1',
      region: 'r',
      bucket: 'b',
      accessKey: 'k',
      secretKey: 's',
    })
    closers.push(store.close)
    await expect(store.get('k')).rejects.toThrow(
      /^Cannot read k \(bucket "b" at 127\.0\.0\.1:1\): the server cannot be reached/,
    )
  })
})

describe('the order of a listing', () => {
  it('is that of UTF-16 code units, whatever comes in the order of UTF-8', async () => {
    const character = fc.constantFrom(
      'a',
      'b',
      '/',
      '\u00e9',
      '\ud7ff',
      '\ue000',
      '\uff5e',
      '\uffff',
      '\u{10000}',
      '\u{1F600}',
      '\u{10ffff}',
    )
    const texts = fc.uniqueArray(
      fc.array(character, { maxLength: 4 }).map((characters) => characters.join('')),
      { maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom('', 'a', '\u{1F600}'), async (rests, prefix) => {
        const keys = rests.map((rest) => prefix + rest)
        const byBytes = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        async function* listed(): AsyncIterable<ObjectInfo> {
          for (const key of byBytes) yield { key, bytes: 0, etag: 'x' }
        }
        const found: string[] = []
        for await (const { key } of inCodeUnitOrder(listed(), prefix)) found.push(key)

        expect(found).toEqual(keys.toSorted())
      }),
      { numRuns: 500 },
    )
  })
})
