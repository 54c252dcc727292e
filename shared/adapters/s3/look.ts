import { HeadBucketCommand, HeadObjectCommand, NoSuchBucket } from '@aws-sdk/client-s3'
import type { Bucket } from './bucket.ts'
import { etagOf } from './etag.ts'
import { refusalOf } from './failure.ts'

export interface Look {
  readonly bytes: number
  readonly etag: string
  /** Which call of ours wrote it; undefined when it was written by somebody else. */
  readonly writtenBy: string | undefined
}

/** The name under which an object remembers the call that wrote it. */
const WRITTEN_BY = 'edgefund-write'

/** What a write adds to its object so that it can be recognised when the answer to the write is lost. */
export function signedBy(write: string): { readonly Metadata: Record<string, string> } {
  return { Metadata: { [WRITTEN_BY]: write } }
}

/** Looks at an object without reading it; undefined when there is none. Throws the client's errors. */
export async function lookAt(bucket: Bucket, key: string): Promise<Look | undefined> {
  const found = await unlessAbsent(bucket, bucket.client.send(new HeadObjectCommand(bucket.at(key))))
  return (
    found && {
      bytes: found.ContentLength ?? 0,
      etag: etagOf(found.ETag),
      writtenBy: found.Metadata?.[WRITTEN_BY],
    }
  )
}

/**
 * The answer to a request about an object, undefined when there is no such object. An answer to HEAD, or of something that is no S3 at
 * all, does not say whether the object is missing or the whole bucket; of a missing bucket nothing is known to be absent.
 */
export async function unlessAbsent<Answer>(bucket: Bucket, answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer
  } catch (error) {
    const { status, code } = refusalOf(error)
    if (status !== 404 || code === 'NoSuchBucket') throw error
    if (code !== 'NoSuchKey') await checkBucket(bucket)
    return undefined
  }
}

/** Throws the client's error, `NoSuchBucket` among them, unless the bucket is there. */
export async function checkBucket({ client, name }: Bucket): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: name }))
  } catch (error) {
    if (refusalOf(error).status !== 404) throw error
    throw new NoSuchBucket({ message: 'the bucket is not there', $metadata: { httpStatusCode: 404 } })
  }
}
