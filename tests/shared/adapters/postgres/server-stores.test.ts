import { describe } from 'vitest'
import { TEST_DATABASE_URL } from '../../runtime/test-database.ts'
import { serverIngestion } from './ingestion-database.ts'
import { ingestionStoresTests } from './ingestion-stores.ts'

describe.skipIf(!TEST_DATABASE_URL)('needs a real PostgreSQL: set EDGEFUND_TEST_DATABASE_URL', () => {
  ingestionStoresTests('PostgreSQL', serverIngestion)
})
