import { afterAll, beforeAll } from 'vitest'
import { postgresSignals } from '../../../../shared/adapters/postgres/signal-store.ts'
import { postgresUniverse } from '../../../../shared/adapters/postgres/universe-store.ts'
import type { Database } from '../../../../shared/ports/database.ts'
import { migrate, readMigrations } from '../../../../shared/runtime/migrations.ts'
import { signalStoreContract } from '../../../contracts/signal-store.ts'
import { universeStoreContract } from '../../../contracts/universe-store.ts'
import { openTestDatabase, TEST_DATABASE_URL, type TestDatabase } from '../../runtime/test-database.ts'

let opened: TestDatabase
beforeAll(async () => {
  opened = await openTestDatabase(2)
  const all = await readMigrations(new URL('../../../../sql/migrations/', import.meta.url))
  await migrate(
    opened.database,
    all.filter(({ name }) => /^\d+_(universe|signals)/.test(name)),
  )
})
afterAll(() => opened?.drop())

const empty = <Store>(schema: string, tables: readonly string[], storeOn: (database: Database) => Store) => {
  return async () => {
    await opened.database.write(tables.map((table) => `delete from ${schema}.${table}`).join(';'))
    return storeOn(opened.database)
  }
}

const engine = TEST_DATABASE_URL ? 'PostgreSQL' : 'embedded PostgreSQL'
universeStoreContract(engine, empty('universe', ['instruments', 'members', 'runs'], postgresUniverse))
signalStoreContract(engine, empty('signals', ['scores', 'runs'], postgresSignals))
