import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { ObjectInfo } from '../../ports/object-store.ts'
import { isObjectKey } from '../objects/object-key.ts'
import type { Bucket } from './bucket.ts'
import { etagOf } from './etag.ts'
import { strangeAnswer } from './failure.ts'

/** Objects below a prefix in the order of S3, which is that of UTF-8. Foreign objects whose names are no keys are passed over. */
export async function* listObjects(bucket: Bucket, prefix: string): AsyncIterable<ObjectInfo> {
  // S3 gets text as UTF-8, which has no half characters: it is asked for more, and the rest is seen to here.
  const whole = prefix.replace(/[\ud800-\udbff]$/, '')
  if (/\p{Surrogate}/u.test(whole)) return
  const request = { Bucket: bucket.name, Prefix: bucket.root + whole, MaxKeys: 1_000 }
  for (let token: string | undefined; ; ) {
    const page = await bucket.told(`list "${prefix}"`, async () => {
      const answer = await bucket.client.send(new ListObjectsV2Command({ ...request, ContinuationToken: token }))
      const isListing = answer.IsTruncated === false || answer.NextContinuationToken !== undefined
      if (!isListing) throw strangeAnswer('the answer is no listing')
      return answer
    })
    for (const { Key = '', Size = 0, ETag } of page.Contents ?? []) {
      const key = Key.slice(bucket.root.length)
      if (key.startsWith(prefix) && isObjectKey(key)) yield { key, bytes: Size, etag: etagOf(ETag) }
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined
    if (token === undefined) return
  }
}

/** In UTF-16, everything from here up stands in another order than in UTF-8: characters of two units begin with a unit below this. */
const OTHER_ORDER = /[\ud800-\uffff]/

/**
 * Brings what comes in the order of UTF-8 into that of UTF-16 code units. The two agree on where a key stands that has no character from
 * U+E000 up: all before it in one are before it in the other. So only the runs between such keys are sorted, and they are short: no key
 * that this house makes has such a character.
 */
export async function* inCodeUnitOrder(infos: AsyncIterable<ObjectInfo>, prefix: string): AsyncIterable<ObjectInfo> {
  let run: ObjectInfo[] = []
  for await (const info of infos) {
    if (OTHER_ORDER.test(info.key.slice(prefix.length))) {
      run.push(info)
      continue
    }
    yield* sorted(run)
    run = []
    yield info
  }
  yield* sorted(run)
}

function sorted(infos: readonly ObjectInfo[]): readonly ObjectInfo[] {
  return infos.length < 2 ? infos : infos.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}
