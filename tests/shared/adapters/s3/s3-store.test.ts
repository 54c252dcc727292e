import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { prepareBucket } from '../../../../shared/adapters/s3/prepare.ts'
import { UnavailableError } from '../../../../shared/ports/errors.ts'
import { CEPH_MISSING } from '../../../real/ceph-server.ts'
import { failureOf, keysOf, onCeph } from './on-ceph.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (body: Uint8Array | undefined) => body && new TextDecoder().decode(body)

describe.skipIf(CEPH_MISSING)(`the S3 store on a real server ${CEPH_MISSING ?? ''}`, () => {
  const ceph = onCeph()

  describe('prepareBucket', () => {
    it('tells what it would do, does it, and does nothing the second time', async () => {
      const fresh = { ...ceph.server, bucket: 'fresh' }

      expect(await prepareBucket(fresh, { dryRun: true })).toEqual({ bucket: 'create', conditionalWrites: 'not tried' })
      expect(await prepareBucket(fresh)).toEqual({ bucket: 'create', conditionalWrites: true })
      expect(await prepareBucket(fresh)).toEqual({ bucket: 'keep', conditionalWrites: true })
      expect(await prepareBucket(fresh, { dryRun: true })).toEqual({ bucket: 'keep', conditionalWrites: 'not tried' })
      expect(await keysOf(ceph.open({ bucket: 'fresh', prefix: undefined }))).toEqual([])
    })

    it('may be called by five at once, and for any region', async () => {
      const fresh = { ...ceph.server, bucket: 'five', region: 'eu-central-1' }
      const answers = await Promise.all(Array.from({ length: 5 }, () => prepareBucket(fresh)))

      expect(answers.every(({ conditionalWrites }) => conditionalWrites === true)).toBe(true)
    })

    it('is unavailable when the credentials are wrong', async () => {
      const failure = await failureOf(prepareBucket({ ...ceph.place, secretKey: 'another' }, { dryRun: true }))

      expect(failure).toBeInstanceOf(UnavailableError)
      expect(failure.message).toMatch(
        /^Cannot look for the bucket \(bucket "tests" at 127\.0\.0\.1:\d+\): the server forbids/,
      )
    })
  })

  describe('racing writers of the same content', () => {
    it('one of twenty creates', async () => {
      const stores = Array.from({ length: 4 }, () => ceph.open())
      for (let round = 0; round < 5; round++) {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, n) => stores[n % 4].put(`${round}`, bytes('same'), { ifAbsent: true })),
        )
        expect(answers.filter((etag) => etag)).toHaveLength(1)
      }
    })

    it('one of twenty replaces', async () => {
      const stores = Array.from({ length: 4 }, () => ceph.open())
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
    const proxy = await ceph.openProxy()
    const store = ceph.open({ endpoint: proxy.endpoint })
    const one = (await store.put('k', bytes('one')))!
    const two = (await store.put('k', bytes('two'), { ifMatch: one }))!
    proxy.seen.length = 0
    await store.put('k', bytes('three'), { ifMatch: two })

    expect(proxy.seen).toHaveLength(1)
  })

  it('lists 2,100 objects in pages of a thousand, each once', async () => {
    const proxy = await ceph.openProxy()
    const store = ceph.open({ endpoint: proxy.endpoint })
    const keys = Array.from({ length: 2_100 }, (_, n) => `page/${n % 7}/${n}`).sort()
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, bytes(key))))
    }
    proxy.seen.length = 0

    expect(await keysOf(store, 'page/')).toEqual(keys)
    expect(proxy.seen).toHaveLength(3)
  })

  it('keeps and lists keys that are hard to write in a header, an address or an answer', async () => {
    const store = ceph.open()
    const keys = [' a', 'a ', '007', '1e3', 'true', '<b>&amp;"\'', 'a&b', '%2F', '%', 'a+b', 'é', 'e\u0301', '\u{1F600}', '\uFF5E', '\u00a0', '\u2028', '\uFFFD'] // biome-ignore format: one line
    for (const key of keys) await store.put(key, bytes(key))

    expect(await keysOf(store)).toEqual([...keys].sort())
    for (const key of keys) expect(text((await store.get(key))?.body), key).toBe(key)
    expect(await keysOf(store, '\ud83d')).toEqual(['\u{1F600}'])
    expect(await keysOf(store, 'a\ud83d')).toEqual([])
    expect(await keysOf(store, '\ude00')).toEqual([])
  })

  it('passes over foreign objects whose names are no keys, and over other prefixes', async () => {
    const store = ceph.open()
    const raw = ceph.openRaw()
    await store.put('mine', bytes('x'))
    for (const Key of [
      `${ceph.place.prefix}/folder/`,
      `${ceph.place.prefix}//a`,
      `${ceph.place.prefix}/b\\c`,
      `${ceph.place.prefix}2/d`,
    ]) {
      await raw.client.send(new PutObjectCommand({ Bucket: 'tests', Key, Body: 'x' }))
    }

    expect(await keysOf(store)).toEqual(['mine'])
    await raw.client.send(new DeleteObjectCommand({ Bucket: 'tests', Key: `${ceph.place.prefix}2/d` }))
  })

  it('answers ranges up to the largest number there is', async () => {
    const store = ceph.open()
    await store.put('k', bytes('0123456789'))

    expect(text(await store.getRange('k', 7, Number.MAX_SAFE_INTEGER))).toBe('789')
    expect(await store.getRange('missing', 3, 3)).toBeUndefined()
    expect(await store.getRange('missing', 3, 4)).toBeUndefined()
  })
})
