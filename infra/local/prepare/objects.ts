import { prepareBucket } from '../../../shared/adapters/s3/prepare.ts'
import type { Config } from '../../../shared/runtime/config.ts'
import type { Prepared, PrepareOptions } from './prepared.ts'

const WORDS = new Map<boolean | string, string>([
  [true, 'conditional writes work'],
  [false, 'no conditional writes'],
  ['not tried', 'conditional writes not tried'],
])

/**
 * Makes the bucket where it is missing, and finds out whether its server can be used.
 * @throws UnavailableError when the server is away or refuses us.
 */
export async function prepareObjects({ s3 }: Config, { dryRun }: Pick<PrepareOptions, 'dryRun'>): Promise<Prepared> {
  if (!s3) return { changes: [] }
  const { bucket: action, conditionalWrites } = await prepareBucket(s3, { dryRun })
  const changes = [{ name: `bucket ${s3.bucket}`, action, detail: WORDS.get(conditionalWrites) }]
  if (conditionalWrites !== false) return { changes }
  const unfit = new Error(
    `${new URL(s3.endpoint).host} does not do conditional writes (If-None-Match: *), so two writers could overwrite each other; use an S3 server that does`,
  )
  return { changes, unfit }
}
