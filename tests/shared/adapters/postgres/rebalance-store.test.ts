import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresRebalances } from '../../../../shared/adapters/postgres/rebalance-store.ts'
import { migrate, readMigrations } from '../../../../shared/runtime/migrations.ts'
import { rebalanceStoreContract } from '../../../contracts/rebalance-store.ts'
import { openTestDatabase, TEST_DATABASE_URL, type TestDatabase } from '../../runtime/test-database.ts'

let opened: TestDatabase
beforeAll(async () => {
  opened = await openTestDatabase(2)
  const all = await readMigrations(new URL('../../../../sql/migrations/', import.meta.url))
  await migrate(
    opened.database,
    all.filter(({ name }) => /^\d+_portfolio/.test(name)),
  )
})
afterAll(() => opened?.drop())

rebalanceStoreContract(TEST_DATABASE_URL ? 'PostgreSQL' : 'embedded PostgreSQL', async () => {
  await opened.database.write('delete from portfolio.rebalances')
  return postgresRebalances(opened.database)
})

describe('the schema portfolio', () => {
  it('says of every table, view and column what it holds', async () => {
    const silent = await opened.database.read(
      `select c.relname, a.attname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attnum >= 0 and not a.attisdropped
       where n.nspname = 'portfolio' and c.relkind in ('r', 'v') and a.attnum > 0
         and (col_description(c.oid, a.attnum) is null or obj_description(c.oid) is null)`,
    )
    expect(silent).toEqual([])
  })
})
