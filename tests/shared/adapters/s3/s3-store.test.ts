import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import {
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBucket, type S3Options, type S3Place } from '../../../../shared/adapters/s3/bucket.ts'
import { s3ObjectStore } from '../../../../shared/adapters/s3/object-store.ts'
import { prepareBucket } from '../../../../shared/adapters/s3/prepare.ts'
import { UnavailableError } from '../../../../shared/ports/errors.ts'
import type { ObjectStore } from '../../../../shared/ports/object-store.ts'
import { CEPH_MISSING, type CephServer, startCephServer } from '../../../real/ceph-server.ts'
import { type LosingProxy, startLosingProxy } from './losing-proxy.ts'

const MEGABYTE = 1_048_576
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (body: Uint8Array | undefined) => body && new TextDecoder().decode(body)

async function* megabytes(count: number, then?: () => unknown) {
  for (let n = 0; n < count; n++) yield new Uint8Array(MEGABYTE).fill(n)
  await then?.()
}

async function keysOf(store: ObjectStore, prefix = ''): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<number> {
  let read = 0
  for await (const piece of body) read += piece.length
  return read
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    (answer) => expect.fail(`expected a failure, got ${inspect(answer)}`),
    (failure) => failure,
  )
  expect(error).toBeInstanceOf(Error)
  return error as Error
}

/** One call of every method. */
const CALLS: readonly (readonly [string, (store: ObjectStore) => Promise<unknown>])[] = [
  ['get', (store) => store.get('a/key')],
  ['getStream', (store) => store.getStream('a/key')],
  ['getRange', (store) => store.getRange('a/key', 0, 1)],
  ['getRange of nothing', (store) => store.getRange('a/key', 0, 0)],
  ['head', (store) => store.head('a/key')],
  ['put', (store) => store.put('a/key', bytes('x'))],
  ['put ifAbsent', (store) => store.put('a/key', bytes('x'), { ifAbsent: true })],
  ['put ifMatch', (store) => store.put('a/key', bytes('x'), { ifMatch: 'an etag' })],
  ['putStream', (store) => store.putStream('a/key', megabytes(0))],
  ['putStream of 9 MB', (store) => store.putStream('a/key', megabytes(9))],
  ['delete', (store) => store.delete('a/key')],
  ['list', (store) => keysOf(store, 'a/key')],
]

describe.skipIf(CEPH_MISSING)(`the S3 store on a real server ${CEPH_MISSING ?? ''}`, () => {
  let server: CephServer
  let place: S3Place
  let opened = 0
  const closers: (() => unknown)[] = []

  beforeAll(async () => {
    server = await startCephServer({ store: 'memstore' })
    await prepareBucket({ ...server, bucket: 'tests' })
  })
  beforeEach(() => {
    place = { ...server, bucket: 'tests', prefix: `test-${opened++}` }
  })
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })
  afterAll(() => server?.wipe())

  function open(changes: Partial<S3Place> = {}, options?: S3Options): ObjectStore {
    const store = s3ObjectStore({ ...place, ...changes }, options)
    closers.push(store.close)
    return store
  }

  async function openProxy(): Promise<LosingProxy> {
    const proxy = await startLosingProxy(server.endpoint)
    closers.push(proxy.close)
    return proxy
  }

  describe('prepareBucket', () => {
    it('tells what it would do, does it, and does nothing the second time', async () => {
      const fresh = { ...server, bucket: 'fresh' }

      expect(await prepareBucket(fresh, { dryRun: true })).toEqual({ bucket: 'create', conditionalWrites: 'not tried' })
      expect(await prepareBucket(fresh)).toEqual({ bucket: 'create', conditionalWrites: true })
      expect(await prepareBucket(fresh)).toEqual({ bucket: 'keep', conditionalWrites: true })
      expect(await prepareBucket(fresh, { dryRun: true })).toEqual({ bucket: 'keep', conditionalWrites: 'not tried' })
      expect(await keysOf(open({ bucket: 'fresh', prefix: undefined }))).toEqual([])
    })

    it('may be called by five at once, and for any region', async () => {
      const fresh = { ...server, bucket: 'five', region: 'eu-central-1' }
      const answers = await Promise.all(Array.from({ length: 5 }, () => prepareBucket(fresh)))

      expect(answers.every(({ conditionalWrites }) => conditionalWrites === true)).toBe(true)
    })

    it('is unavailable when the credentials are wrong', async () => {
      const failure = await failureOf(prepareBucket({ ...place, secretKey: 'another' }, { dryRun: true }))

      expect(failure).toBeInstanceOf(UnavailableError)
      expect(failure.message).toMatch(
        /^Cannot look for the bucket \(bucket "tests" at 127\.0\.0\.1:\d+\): the server forbids/,
      )
    })
  })

  describe('racing writers of the same content', () => {
    it('one of twenty creates', async () => {
      const stores = Array.from({ length: 4 }, () => open())
      for (let round = 0; round < 5; round++) {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, n) => stores[n % 4].put(`${round}`, bytes('same'), { ifAbsent: true })),
        )
        expect(answers.filter((etag) => etag)).toHaveLength(1)
      }
    })

    it('one of twenty replaces', async () => {
      const stores = Array.from({ length: 4 }, () => open())
      let current = (await stores[0].put('k', bytes('start')))!
      for (let round = 0; round < 5; round++) {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, n) => stores[n % 4].put('k', bytes(`same ${round}`), { ifMatch: current })),
        )
        const won = answers.filter((etag) => etag !== undefined)
        expect(won).toHaveLength(1)
        current = won[0]
      }
    })
  })

  it('learns once how the server compares etags', async () => {
    const proxy = await openProxy()
    const store = open({ endpoint: proxy.endpoint })
    const one = (await store.put('k', bytes('one')))!
    const two = (await store.put('k', bytes('two'), { ifMatch: one }))!
    proxy.seen.length = 0
    await store.put('k', bytes('three'), { ifMatch: two })

    expect(proxy.seen).toHaveLength(1)
  })

  it('lists 2,100 objects in pages of a thousand, each once', async () => {
    const proxy = await openProxy()
    const store = open({ endpoint: proxy.endpoint })
    const keys = Array.from({ length: 2_100 }, (_, n) => `page/${n % 7}/${n}`).sort()
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, bytes(key))))
    }
    proxy.seen.length = 0

    expect(await keysOf(store, 'page/')).toEqual(keys)
    expect(proxy.seen).toHaveLength(3)
  })

  it('keeps and lists keys that are hard to write in a header, an address or an answer', async () => {
    const store = open()
    const keys = [' a', 'a ', '007', '1e3', 'true', '<b>&amp;"\'', 'a&b', '%2F', '%', 'a+b', 'é', 'e\u0301', '\u{1F600}', '\uFF5E', '\u00a0', '\u2028', '\uFFFD'] // biome-ignore format: one line
    for (const key of keys) await store.put(key, bytes(key))

    expect(await keysOf(store)).toEqual([...keys].sort())
    for (const key of keys) expect(text((await store.get(key))?.body), key).toBe(key)
    expect(await keysOf(store, '\ud83d')).toEqual(['\u{1F600}'])
    expect(await keysOf(store, 'a\ud83d')).toEqual([])
    expect(await keysOf(store, '\ude00')).toEqual([])
  })

  it('passes over foreign objects whose names are no keys, and over other prefixes', async () => {
    const store = open()
    const raw = openBucket(place)
    closers.push(() => raw.client.destroy())
    await store.put('mine', bytes('x'))
    for (const Key of [`${place.prefix}/folder/`, `${place.prefix}//a`, `${place.prefix}/b\\c`, `${place.prefix}2/d`]) {
      await raw.client.send(new PutObjectCommand({ Bucket: 'tests', Key, Body: 'x' }))
    }

    expect(await keysOf(store)).toEqual(['mine'])
    await raw.client.send(new DeleteObjectCommand({ Bucket: 'tests', Key: `${place.prefix}2/d` }))
  })

  it('answers ranges up to the largest number there is', async () => {
    const store = open()
    await store.put('k', bytes('0123456789'))

    expect(text(await store.getRange('k', 7, Number.MAX_SAFE_INTEGER))).toBe('789')
    expect(await store.getRange('missing', 3, 3)).toBeUndefined()
    expect(await store.getRange('missing', 3, 4)).toBeUndefined()
  })

  describe('when the answer to a write is lost', () => {
    it.each([
      ['created', { ifAbsent: true } as const],
      ['replaced', undefined],
    ])('an object that was %s is known as ours', async (_, condition) => {
      const proxy = await openProxy()
      const store = open({ endpoint: proxy.endpoint })
      proxy.loseAnswers((line) => line.startsWith('PUT'), 1)
      const etag = await store.put('k', bytes('mine'), condition)

      expect(etag).toBeDefined()
      expect(await store.get('k')).toEqual({ body: bytes('mine'), etag })
    })

    it('an object that was there is not taken for ours, though it has the same content', async () => {
      const proxy = await openProxy()
      const store = open({ endpoint: proxy.endpoint })
      await store.put('k', bytes('same'))
      proxy.loseAnswers((line) => line.startsWith('PUT'), 1)

      expect(await store.put('k', bytes('same'), { ifAbsent: true })).toBeUndefined()
    })

    it('an object that was written over its known version is known as ours', async () => {
      const proxy = await openProxy()
      const store = open({ endpoint: proxy.endpoint })
      const one = (await store.put('k', bytes('one')))!
      const two = (await store.put('k', bytes('two'), { ifMatch: one }))! // from here on it knows the server's dialect
      proxy.loseAnswers((line) => line.startsWith('PUT'), 1)
      const three = await store.put('k', bytes('three'), { ifMatch: two })

      expect(await store.get('k')).toEqual({ body: bytes('three'), etag: three })
    })

    it('an object of many parts is known as ours', async () => {
      const proxy = await openProxy()
      const store = open({ endpoint: proxy.endpoint })
      proxy.loseAnswers((line) => line.startsWith('POST') && line.includes('uploadId='), 1)
      const etag = await store.putStream('k', megabytes(13))

      expect(await store.head('k')).toEqual({ key: 'k', bytes: 13 * MEGABYTE, etag })
    })

    it('every time, it is unavailable', async () => {
      const proxy = await openProxy()
      const store = open({ endpoint: proxy.endpoint })
      proxy.loseAnswers(() => true, Number.POSITIVE_INFINITY)

      for (const [name, call] of CALLS) expect(await failureOf(call(store)), name).toBeInstanceOf(UnavailableError)
    })
  })

  describe('a stream', () => {
    it('that breaks on the way to us is unavailable, not short', async () => {
      const proxy = await openProxy()
      const store = open({ endpoint: proxy.endpoint })
      await store.putStream('k', megabytes(3))

      proxy.cutBodyAfter = 1_000
      const found = (await store.getStream('k'))!
      const reading = failureOf(readAll(found.body))
      expect((await reading).message).toMatch(/^Cannot read k \(bucket "tests" at .*the server cannot be reached/)
      expect(await reading).toBeInstanceOf(UnavailableError)

      proxy.cutBodyAfter = 1_000
      expect(await failureOf(store.get('k'))).toBeInstanceOf(UnavailableError)
    })

    it('waits for its reader, however long it rests', async () => {
      const store = open({}, { idleTimeoutMs: 200 })
      await store.putStream('k', megabytes(4))
      let read = 0
      for await (const piece of (await store.getStream('k'))!.body) {
        if (read < MEGABYTE && read + piece.length >= MEGABYTE) await sleep(700)
        read += piece.length
      }

      expect(read).toBe(4 * MEGABYTE)
    })

    it('leaves no parts behind when its source breaks', async () => {
      const store = open()
      const raw = openBucket(place)
      closers.push(() => raw.client.destroy())
      const uploads = async () =>
        (await raw.client.send(new ListMultipartUploadsCommand({ Bucket: 'tests', Prefix: place.prefix }))).Uploads ??
        []
      let during = 0
      const broken = megabytes(30, async () => {
        during = (await uploads()).length
        throw new Error('the source broke')
      })
      await expect(store.putStream('k', broken)).rejects.toThrow(/^the source broke$/)

      expect(during).toBe(1)
      expect(await uploads()).toEqual([])
      expect(
        (await raw.client.send(new ListObjectsV2Command({ Bucket: 'tests', Prefix: place.prefix }))).KeyCount,
      ).toBe(0)
    })

    it('tells its source when the server is gone', async () => {
      const store = open()
      let ended = false
      async function* source() {
        try {
          for (let n = 0; ; n++) {
            if (n === 20) await server.stopGateway()
            yield new Uint8Array(MEGABYTE)
          }
        } finally {
          ended = true
        }
      }
      try {
        expect(await failureOf(store.putStream('k', source()))).toBeInstanceOf(UnavailableError)
      } finally {
        await server.startGateway()
      }

      expect(ended).toBe(true)
      expect(await store.head('k')).toBeUndefined()
    })
  })

  describe('is unavailable', () => {
    it('while the server is gone, and works again when it is back', async () => {
      const store = open()
      await store.put('a/key', bytes('kept'))
      await server.stopGateway()
      try {
        for (const [name, call] of CALLS) {
          const failure = await failureOf(call(store))
          expect(failure, name).toBeInstanceOf(UnavailableError)
          expect(failure.message, name).toMatch(
            /^Cannot (read|look at|write|delete|list) "?a\/key"? \(bucket "tests" at 127\.0\.0\.1:\d+\): the server cannot be reached or does not answer \(.*ECONNREFUSED/,
          )
        }
      } finally {
        await server.startGateway()
      }

      expect(text((await store.get('a/key'))?.body)).toBe('kept')
    })

    it('while the server takes connections and says nothing', async () => {
      const store = open({}, { idleTimeoutMs: 300, attempts: 1 })
      await store.put('a/key', bytes('kept'))
      server.freezeGateway()
      try {
        for (const [name, call] of CALLS.filter(([one]) => one !== 'putStream of 9 MB')) {
          const started = Date.now()
          expect(await failureOf(call(store)), name).toBeInstanceOf(UnavailableError)
          expect(Date.now() - started, name).toBeLessThan(2_000)
        }
      } finally {
        server.thawGateway()
      }
    })

    it.each([
      ['another secret', { secretKey: 'not-the-secret' }, /the server (refuses the credentials|forbids it)/],
      ['an unknown access key', { accessKey: 'nobody' }, /the server (refuses the credentials|forbids it)/],
      [
        'no such bucket',
        { bucket: 'nowhere' },
        /there is no such bucket; make it, or check S3_BUCKET \(404 NoSuchBucket\)/,
      ],
    ])('with %s', async (_, changes, expected) => {
      const store = open(changes)
      for (const [name, call] of CALLS) {
        const failure = await failureOf(call(store))
        expect(failure, name).toBeInstanceOf(UnavailableError)
        expect(failure.message, name).toMatch(expected)
        expect(inspect(failure, { depth: 9, showHidden: true }), name).not.toMatch(
          /testing-secret|not-the-secret|AWS4-HMAC/,
        )
      }
    })
  })
})
