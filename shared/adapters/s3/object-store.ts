import type { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3'
import type { ObjectStore } from '../../ports/object-store.ts'
import { checkRange } from '../objects/range.ts'
import { watchSource } from '../objects/watched-source.ts'
import { type Bucket, openBucket, type S3Options, type S3Place } from './bucket.ts'
import { etagOf } from './etag.ts'
import { refusalOf } from './failure.ts'
import { inCodeUnitOrder, listObjects } from './list-objects.ts'
import { lookAt, unlessAbsent } from './look.ts'
import { type Dialect, putObject } from './put-object.ts'
import { joined, PART_BYTES, putInParts, takeFirst } from './put-stream.ts'
import { readPieces } from './read-pieces.ts'

/**
 * Objects in a bucket of S3 or of a server that speaks like it. The etag is the server's. `ifAbsent` and `ifMatch` are conditional
 * writes of the server, so it must have them (`prepareBucket` finds out): without, those two throw `PermanentError`.
 *
 * A write whose answer is lost is sent again, and then recognised by what it left on the object. A server that is away, overloaded or
 * refuses us, and a bucket that is not there, are an `UnavailableError` that says what to do.
 */
export function s3ObjectStore(place: S3Place, options?: S3Options): ObjectStore & { close(): void } {
  const bucket = openBucket(place, options)
  // A reader of a stream may rest longer than a connection may be idle, so streams are read by a client that does not mind.
  let streams: Bucket | undefined
  const dialect: Dialect = { quotesEtags: true }

  const fetchObject = (from: Bucket, key: string, Range?: string) => {
    const request = new GetObjectCommand({ ...from.at(key), Range })
    return unlessAbsent(from, from.client.send(request, { requestTimeout: bucket.idleTimeoutMs }))
  }

  return {
    get(key) {
      return bucket.told(`read ${key}`, async () => {
        const found = await fetchObject(bucket, key)
        if (!found?.Body) return undefined
        return { body: await found.Body.transformToByteArray(), etag: etagOf(found.ETag) }
      })
    },

    getStream(key) {
      return bucket.told(`read ${key}`, async () => {
        streams ??= openBucket(place, { ...options, idleTimeoutMs: 0 })
        const found = await fetchObject(streams, key)
        if (!found?.Body) return undefined
        const pieces = readPieces(found.Body as Readable, bucket.idleTimeoutMs)
        return {
          body: tellingOf(pieces, (error) => bucket.failure(`read ${key}`, error)),
          bytes: found.ContentLength ?? 0,
          etag: etagOf(found.ETag),
        }
      })
    },

    getRange(key, start, end) {
      return bucket.told(`read ${key}`, async () => {
        bucket.at(key)
        checkRange(key, start, end)
        // S3 has no way to ask for nothing.
        if (start === end) return (await lookAt(bucket, key)) && new Uint8Array(0)
        try {
          const found = await fetchObject(bucket, key, `bytes=${start}-${end - 1}`)
          return await found?.Body?.transformToByteArray()
        } catch (error) {
          if (refusalOf(error).status === 416) return new Uint8Array(0)
          throw error
        }
      })
    },

    head(key) {
      return bucket.told(`look at ${key}`, async () => {
        const found = await lookAt(bucket, key)
        return found && { key, bytes: found.bytes, etag: found.etag }
      })
    },

    put(key, body, condition) {
      return bucket.told(`write ${key}`, () => putObject(bucket, dialect, key, body, condition))
    },

    async putStream(key, body) {
      const source = watchSource(body)
      try {
        bucket.at(key)
        const { first, rest } = await takeFirst(source.pieces, PART_BYTES)
        if (rest) return await putInParts(bucket, key, joined(first, rest))
        return (await putObject(bucket, dialect, key, first, undefined)) as string // without a condition there is always one
      } catch (error) {
        const failure = source.failure()
        throw failure ? failure.error : bucket.failure(`write ${key}`, error)
      } finally {
        await source.close().catch(() => {}) // what went wrong before it is told already
      }
    },

    delete(key) {
      return bucket.told(`delete ${key}`, async () => {
        await unlessAbsent(bucket, bucket.client.send(new DeleteObjectCommand(bucket.at(key))))
      })
    },

    list(prefix) {
      return inCodeUnitOrder(listObjects(bucket, prefix), prefix)
    },

    close() {
      bucket.client.destroy()
      streams?.client.destroy()
    },
  }
}

async function* tellingOf(
  pieces: AsyncIterable<Uint8Array>,
  failure: (error: unknown) => unknown,
): AsyncIterable<Uint8Array> {
  try {
    yield* pieces
  } catch (error) {
    throw failure(error)
  }
}
