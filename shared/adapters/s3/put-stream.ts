import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Bucket } from './bucket.ts'
import { refusalOf } from './failure.ts'
import { lookAt, signedBy } from './look.ts'

/** Bytes of one part; of ten thousand, which is S3's limit, 80 GB. What fits in one is written in one request. */
export const PART_BYTES = 8 * 1_048_576
/** Parts on their way at once: one is sent while the next is gathered. */
const PARTS_AT_ONCE = 2

/**
 * Writes an object in parts, which become visible together when the last has come, and answers its etag. On a failure the parts are
 * taken away again; where that fails too, they lie invisible until the bucket's rule for unfinished uploads removes them.
 */
export async function putInParts(bucket: Bucket, key: string, body: AsyncIterable<Uint8Array>): Promise<string> {
  const { Upload } = await import('@aws-sdk/lib-storage')
  const write = randomUUID()
  const readable = Readable.from(body, { objectMode: true, highWaterMark: 1 })
  try {
    const params = { ...bucket.at(key), ...signedBy(write), Body: readable }
    await new Upload({ client: bucket.client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done()
  } catch (error) {
    // The upload is unknown when its completion was repeated because the answer to the first was lost.
    const found = refusalOf(error).status === 404 ? await lookAt(bucket, key) : undefined
    if (found?.writtenBy === write) return found.etag
    throw error
  } finally {
    readable.destroy()
  }
  // Ceph 16 does not tell the etag of what it has put together.
  const found = await lookAt(bucket, key)
  // Replaced since: the version is gone, and no name may stand for its successor.
  return found?.writtenBy === write ? found.etag : write
}

/** The first bytes of a source, all of them when they are fewer than asked for, and what comes after. */
export async function takeFirst(
  source: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<{ readonly first: Uint8Array; readonly rest: AsyncIterable<Uint8Array> | undefined }> {
  const pieces: Uint8Array[] = []
  let gathered = 0
  const iterator = source[Symbol.asyncIterator]()
  while (gathered < bytes) {
    const next = await iterator.next()
    if (next.done) return { first: Buffer.concat(pieces), rest: undefined }
    pieces.push(next.value.slice())
    gathered += next.value.length
  }
  return { first: Buffer.concat(pieces), rest: { [Symbol.asyncIterator]: () => iterator } }
}

/** One source after another, each piece a copy that its source may not change any more. */
export async function* joined(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield first
  for await (const piece of rest) yield Buffer.from(piece)
}
