import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { PermanentError } from '../../ports/errors.ts'
import type { PutCondition } from '../../ports/object-store.ts'
import type { Bucket } from './bucket.ts'
import { etagOf } from './etag.ts'
import { refusalOf } from './failure.ts'
import { lookAt, signedBy } from './look.ts'

/** How a server wants the version in `If-Match`. S3 says in quotes, as it answers it; Ceph 16 compares the quotes too and never agrees. */
export interface Dialect {
  quotesEtags: boolean
}

/** Requests lost to a race are sent again this often, beside what the client itself repeats. */
const ATTEMPTS = 6
/** 412 is S3's word for it, 404 that for `If-Match` without an object; 409 and Ceph's 500 stand for a race lost or undecided. */
const REFUSALS = new Set([404, 409, 412, 500])

/** Writes an object in one request and answers its etag; undefined when the condition does not hold. Throws the client's errors. */
export async function putObject(
  bucket: Bucket,
  dialect: Dialect,
  key: string,
  body: Uint8Array,
  condition: PutCondition | undefined,
): Promise<string | undefined> {
  const write = randomUUID()
  const request = {
    ...bucket.at(key),
    ...signedBy(write),
    Body: body,
    ContentLength: body.length,
    ContentMD5: createHash('md5').update(body).digest('base64'),
  }
  for (let attempt = 1; ; attempt++) {
    const { quotesEtags } = dialect
    try {
      const answer = await bucket.client.send(
        new PutObjectCommand({ ...request, ...headersOf(condition, quotesEtags) }),
      )
      return etagOf(answer.ETag)
    } catch (error) {
      const { status, code } = refusalOf(error)
      if (condition && status === 501) {
        throw new PermanentError(
          `Cannot write ${key} (${bucket.where}): this server has no conditional writes (501 ${code}), so it cannot tell which of two writers was first; use one that has`,
        )
      }
      if (!condition || !REFUSALS.has(status) || code === 'NoSuchBucket') throw error
      const next = await judge(bucket, key, condition, write, status)
      if (next !== 'again') return next.etag
      if (attempt === ATTEMPTS) throw error
      if (status === 412) dialect.quotesEtags = !quotesEtags
      else await sleep(20 * attempt * (0.5 + Math.random()))
    }
  }
}

/**
 * What a refused conditional write means. The first request may have been carried out and its answer lost, on the way or in a proxy that
 * asked again by itself; then the refusal is about our own object, which says so.
 */
async function judge(
  bucket: Bucket,
  key: string,
  condition: PutCondition,
  write: string,
  status: number,
): Promise<{ readonly etag: string | undefined } | 'again'> {
  const found = await lookAt(bucket, key)
  if (found?.writtenBy === write) return { etag: found.etag }
  if ('ifAbsent' in condition) return found || status === 412 ? { etag: undefined } : 'again'
  // Refused although the version is the one we named: another dialect, or a race that nobody has won.
  return found?.etag === condition.ifMatch ? 'again' : { etag: undefined }
}

function headersOf(condition: PutCondition | undefined, quotesEtags: boolean) {
  if (!condition) return {}
  if ('ifAbsent' in condition) return { IfNoneMatch: '*' }
  return { IfMatch: quotesEtags ? `"${condition.ifMatch}"` : condition.ifMatch }
}
