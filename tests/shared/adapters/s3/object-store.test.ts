import { afterAll, beforeAll, describe } from 'vitest'
import { s3ObjectStore } from '../../../../shared/adapters/s3/object-store.ts'
import { prepareBucket } from '../../../../shared/adapters/s3/prepare.ts'
import { objectStoreContract } from '../../../contracts/object-store.ts'
import { CEPH_MISSING, type CephServer, startCephServer } from '../../../real/ceph-server.ts'

describe.skipIf(CEPH_MISSING)(`Ceph ${CEPH_MISSING ?? ''}`, () => {
  let server: CephServer
  const stores: { close(): void }[] = []
  beforeAll(async () => {
    server = await startCephServer({ store: 'memstore' })
    await prepareBucket({ ...server, bucket: 'contract' })
  })
  afterAll(async () => {
    for (const store of stores) store.close()
    await server?.wipe()
  })

  objectStoreContract('S3', async () => {
    const store = s3ObjectStore({ ...server, bucket: 'contract', prefix: `store-${stores.length}` })
    stores.push(store)
    return store
  })
})
