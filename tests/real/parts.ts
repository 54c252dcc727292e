import { TEST_DATABASE_URL } from '../shared/runtime/test-database.ts'
import { BROWSER_MISSING } from './browser.ts'
import { CEPH_MISSING } from './ceph-server.ts'
import { NATS_SERVER_MISSING } from './nats-server.ts'

/** What is not a stand-in: a test names the ones it needs, and is skipped with the reason where one is missing. */
export type RealPart = 'postgresql' | 'nats' | 's3' | 'browser'

const MISSING: Readonly<Record<RealPart, string | undefined>> = {
  postgresql: TEST_DATABASE_URL ? undefined : 'needs a real PostgreSQL: set EDGEFUND_TEST_DATABASE_URL',
  nats: NATS_SERVER_MISSING,
  s3: CEPH_MISSING,
  browser: BROWSER_MISSING,
}

/** Why tests that need these parts cannot run here; undefined when they can. */
export function missingParts(...needed: RealPart[]): string | undefined {
  return (
    needed
      .map((part) => MISSING[part])
      .filter((reason) => reason !== undefined)
      .join('; ') || undefined
  )
}

/** Every part with what is missing of it. */
export function allParts(): { readonly part: RealPart; readonly missing: string | undefined }[] {
  return (Object.keys(MISSING) as RealPart[]).map((part) => ({ part, missing: MISSING[part] }))
}
