import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { UnavailableError } from '../../../../shared/ports/errors.ts'
import { CEPH_MISSING } from '../../../real/ceph-server.ts'
import { CALLS, failureOf, MEGABYTE, megabytes, onCeph } from './on-ceph.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (body: Uint8Array | undefined) => body && new TextDecoder().decode(body)

describe.skipIf(CEPH_MISSING)(`S3 in trouble ${CEPH_MISSING ?? ''}`, () => {
  const ceph = onCeph()

  describe('when the answer to a write is lost', () => {
    it.each([
      ['created', { ifAbsent: true } as const],
      ['replaced', undefined],
    ])('an object that was %s is known as ours', async (_, condition) => {
      const proxy = await ceph.openProxy()
      const store = ceph.open({ endpoint: proxy.endpoint })
      proxy.loseAnswers((line) => line.startsWith('PUT'), 1)
      const etag = await store.put('k', bytes('mine'), condition)

      expect(etag).toBeDefined()
      expect(await store.get('k')).toEqual({ body: bytes('mine'), etag })
    })

    it('an object that was there is not taken for ours, though it has the same content', async () => {
      const proxy = await ceph.openProxy()
      const store = ceph.open({ endpoint: proxy.endpoint })
      await store.put('k', bytes('same'))
      proxy.loseAnswers((line) => line.startsWith('PUT'), 1)

      expect(await store.put('k', bytes('same'), { ifAbsent: true })).toBeUndefined()
    })

    it('an object that was written over its known version is known as ours', async () => {
      const proxy = await ceph.openProxy()
      const store = ceph.open({ endpoint: proxy.endpoint })
      const one = (await store.put('k', bytes('one')))!
      const two = (await store.put('k', bytes('two'), { ifMatch: one }))! // from here on it knows the server's dialect
      proxy.loseAnswers((line) => line.startsWith('PUT'), 1)
      const three = await store.put('k', bytes('three'), { ifMatch: two })

      expect(await store.get('k')).toEqual({ body: bytes('three'), etag: three })
    })

    it('an object of many parts is known as ours', async () => {
      const proxy = await ceph.openProxy()
      const store = ceph.open({ endpoint: proxy.endpoint })
      proxy.loseAnswers((line) => line.startsWith('POST') && line.includes('uploadId='), 1)
      const etag = await store.putStream('k', megabytes(13))

      expect(await store.head('k')).toEqual({ key: 'k', bytes: 13 * MEGABYTE, etag })
    })

    it('every time, it is unavailable', async () => {
      const proxy = await ceph.openProxy()
      const store = ceph.open({ endpoint: proxy.endpoint })
      proxy.loseAnswers(() => true, Number.POSITIVE_INFINITY)

      for (const [name, call] of CALLS) expect(await failureOf(call(store)), name).toBeInstanceOf(UnavailableError)
    })
  })

  describe('is unavailable', () => {
    it('while the server is gone, and works again when it is back', async () => {
      const store = ceph.open()
      await store.put('a/key', bytes('kept'))
      await ceph.server.stopGateway()
      try {
        for (const [name, call] of CALLS) {
          const failure = await failureOf(call(store))
          expect(failure, name).toBeInstanceOf(UnavailableError)
          expect(failure.message, name).toMatch(
            /^Cannot (read|look at|write|delete|list) "?a\/key"? \(bucket "tests" at 127\.0\.0\.1:\d+\): the server cannot be reached or does not answer \(.*ECONNREFUSED/,
          )
        }
      } finally {
        await ceph.server.startGateway()
      }

      expect(text((await store.get('a/key'))?.body)).toBe('kept')
    })

    it('while the server takes connections and says nothing', async () => {
      const store = ceph.open({}, { idleTimeoutMs: 300, attempts: 1 })
      await store.put('a/key', bytes('kept'))
      ceph.server.freezeGateway()
      try {
        for (const [name, call] of CALLS.filter(([one]) => one !== 'putStream of 9 MB')) {
          const started = Date.now()
          expect(await failureOf(call(store)), name).toBeInstanceOf(UnavailableError)
          expect(Date.now() - started, name).toBeLessThan(2_000)
        }
      } finally {
        ceph.server.thawGateway()
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
      const store = ceph.open(changes)
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
