import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresMonitoring } from '../../../../shared/adapters/postgres/monitoring-store.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import { monitoringStoreContract } from '../../../contracts/monitoring-store.ts'
import { openTestDatabase, TEST_DATABASE_URL, type TestDatabase } from '../../runtime/test-database.ts'

const MIGRATIONS = new URL('../../../../sql/migrations/', import.meta.url)
const TABLES = ['portfolio_snapshots', 'position_marks', 'figures', 'judgements']

let opened: TestDatabase
beforeAll(async () => {
  opened = await openTestDatabase()
  for (const file of await readdir(MIGRATIONS)) {
    if (file.includes('_monitoring_')) await opened.database.write(await readFile(new URL(file, MIGRATIONS), 'utf8'))
  }
})
afterAll(() => opened?.drop())

const open = async () => {
  await opened.database.write(TABLES.map((table) => `delete from monitoring.${table}`).join(';'))
  return postgresMonitoring(opened.database)
}

monitoringStoreContract(TEST_DATABASE_URL ? 'PostgreSQL' : 'embedded PostgreSQL', open)

describe('the tables of monitoring', () => {
  it('tell a person with psql the alerts as of a date', async () => {
    const store = await open()
    const found = { alert: 'drift', severity: 'warning', message: 'far', value: 0.2, threshold: 0.1 } as const
    await store.judge('made', session('2024-03-04'), [found])
    await store.judge('made', session('2024-03-05'), [])
    const rows = await opened.database.read(`select alert, raised, resolved from monitoring.alerts('made')`)
    expect(rows).toEqual([{ alert: 'drift', raised: '2024-03-04', resolved: '2024-03-05' }])
  })

  it('keep nothing of a judgement that could not be written whole', async () => {
    const store = await open()
    const bad = { alert: 'a', severity: 'grave', message: '', value: 1, threshold: 0 } as never
    await expect(store.judge('made', session('2024-03-04'), [bad])).rejects.toThrow()
    expect(await opened.database.read('select * from monitoring.judgements')).toEqual([])
  })
})
