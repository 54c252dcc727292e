import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type Bucket, openBucket, type S3Options, type S3Place } from '../../../../shared/adapters/s3/bucket.ts'
import { s3ObjectStore } from '../../../../shared/adapters/s3/object-store.ts'
import { prepareBucket } from '../../../../shared/adapters/s3/prepare.ts'
import type { ObjectStore } from '../../../../shared/ports/object-store.ts'
import { type CephServer, startCephServer } from '../../../real/ceph-server.ts'
import { type LosingProxy, startLosingProxy } from './losing-proxy.ts'

export const MEGABYTE = 1_048_576

/** What the tests of one file work with; everything is closed after each test, and the server ended after the last. */
export interface OnCeph {
  readonly server: CephServer
  /** An empty store's place, another for each test. */
  readonly place: S3Place
  open(changes?: Partial<S3Place>, options?: S3Options): ObjectStore
  /** The client itself, for what a store does not show. */
  openRaw(): Bucket
  openProxy(): Promise<LosingProxy>
}

/** Starts a server for the tests around the call, with a bucket to work in. */
export function onCeph(): OnCeph {
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

  return {
    get server() {
      return server
    },
    get place() {
      return place
    },
    open(changes = {}, options) {
      const store = s3ObjectStore({ ...place, ...changes }, options)
      closers.push(store.close)
      return store
    },
    openRaw() {
      const bucket = openBucket(place)
      closers.push(() => bucket.client.destroy())
      return bucket
    },
    async openProxy() {
      const proxy = await startLosingProxy(server.endpoint)
      closers.push(proxy.close)
      return proxy
    },
  }
}

/** Megabytes of one byte each, the number of the megabyte; then what else is to happen. */
export async function* megabytes(count: number, then?: () => unknown): AsyncIterable<Uint8Array> {
  for (let n = 0; n < count; n++) yield new Uint8Array(MEGABYTE).fill(n)
  await then?.()
}

export async function keysOf(store: ObjectStore, prefix = ''): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}

export async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    (answer) => expect.fail(`expected a failure, got ${inspect(answer)}`),
    (failure) => failure,
  )
  expect(error).toBeInstanceOf(Error)
  return error as Error
}

/** One call of every method of a store, by name. */
export const CALLS: readonly (readonly [string, (store: ObjectStore) => Promise<unknown>])[] = [
  ['get', (store) => store.get('a/key')],
  ['getStream', (store) => store.getStream('a/key')],
  ['getRange', (store) => store.getRange('a/key', 0, 1)],
  ['getRange of nothing', (store) => store.getRange('a/key', 0, 0)],
  ['head', (store) => store.head('a/key')],
  ['put', (store) => store.put('a/key', Buffer.from('x'))],
  ['put ifAbsent', (store) => store.put('a/key', Buffer.from('x'), { ifAbsent: true })],
  ['put ifMatch', (store) => store.put('a/key', Buffer.from('x'), { ifMatch: 'an etag' })],
  ['putStream', (store) => store.putStream('a/key', megabytes(0))],
  ['putStream of 9 MB', (store) => store.putStream('a/key', megabytes(9))],
  ['delete', (store) => store.delete('a/key')],
  ['list', (store) => keysOf(store, 'a/key')],
]
