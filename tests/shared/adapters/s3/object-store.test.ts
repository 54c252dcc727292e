import { describe } from 'vitest'
import { objectStoreContract } from '../../../contracts/object-store.ts'
import { CEPH_MISSING } from '../../../real/ceph-server.ts'
import { onCeph } from './on-ceph.ts'

describe.skipIf(CEPH_MISSING)(`Ceph ${CEPH_MISSING ?? ''}`, () => {
  const ceph = onCeph()
  let opened = 0
  objectStoreContract('S3', async () => ceph.open({ prefix: `store-${opened++}` }))
})
