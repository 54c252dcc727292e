import { setTimeout as sleep } from 'node:timers/promises'
import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { UnavailableError } from '../../../../shared/ports/errors.ts'
import { CEPH_MISSING } from '../../../real/ceph-server.ts'
import { failureOf, MEGABYTE, megabytes, onCeph } from './on-ceph.ts'

async function readAll(body: AsyncIterable<Uint8Array>): Promise<number> {
  let read = 0
  for await (const piece of body) read += piece.length
  return read
}

describe.skipIf(CEPH_MISSING)(`streams of S3 ${CEPH_MISSING ?? ''}`, () => {
  const ceph = onCeph()

  describe('a stream', () => {
    it('that breaks on the way to us is unavailable, not short', async () => {
      const proxy = await ceph.openProxy()
      const store = ceph.open({ endpoint: proxy.endpoint })
      await store.putStream('k', megabytes(3))

      proxy.cutBodyAfter = 1_000
      const found = (await store.getStream('k'))!
      const reading = failureOf(readAll(found.body))
      expect((await reading).message).toMatch(/^Cannot read k \(bucket "tests" at .*the server cannot be reached/)
      expect(await reading).toBeInstanceOf(UnavailableError)

      proxy.cutBodyAfter = 1_000
      expect(await failureOf(store.get('k'))).toBeInstanceOf(UnavailableError)
    })

    it('does not wait for a server that has fallen silent', async () => {
      const store = ceph.open({}, { idleTimeoutMs: 300 })
      await store.putStream('k', megabytes(60))
      const found = (await store.getStream('k'))!
      ceph.server.freezeGateway()
      try {
        const failure = await failureOf(readAll(found.body))
        expect(failure).toBeInstanceOf(UnavailableError)
        expect(failure.message).toMatch(/nothing came for 300 ms/)
      } finally {
        ceph.server.thawGateway()
      }
    })

    it('waits for its reader, however long it rests', async () => {
      const store = ceph.open({}, { idleTimeoutMs: 200 })
      await store.putStream('k', megabytes(4))
      let read = 0
      for await (const piece of (await store.getStream('k'))!.body) {
        if (read < MEGABYTE && read + piece.length >= MEGABYTE) await sleep(700)
        read += piece.length
      }

      expect(read).toBe(4 * MEGABYTE)
    })

    it('leaves no parts behind when its source breaks', async () => {
      const store = ceph.open()
      const raw = ceph.openRaw()
      const uploads = async () =>
        (await raw.client.send(new ListMultipartUploadsCommand({ Bucket: 'tests', Prefix: ceph.place.prefix })))
          .Uploads ?? []
      let during = 0
      const broken = megabytes(30, async () => {
        during = (await uploads()).length
        throw new Error('the source broke')
      })
      await expect(store.putStream('k', broken)).rejects.toThrow(/^the source broke$/)

      expect(during).toBe(1)
      expect(await uploads()).toEqual([])
      expect(
        (await raw.client.send(new ListObjectsV2Command({ Bucket: 'tests', Prefix: ceph.place.prefix }))).KeyCount,
      ).toBe(0)
    })

    it('tells its source when the server is gone', async () => {
      const store = ceph.open()
      let ended = false
      async function* source() {
        try {
          for (let n = 0; ; n++) {
            if (n === 20) await ceph.server.stopGateway()
            yield new Uint8Array(MEGABYTE)
          }
        } finally {
          ended = true
        }
      }
      try {
        expect(await failureOf(store.putStream('k', source()))).toBeInstanceOf(UnavailableError)
      } finally {
        await ceph.server.startGateway()
      }

      expect(ended).toBe(true)
      expect(await store.head('k')).toBeUndefined()
    })
  })
})
