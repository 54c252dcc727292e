import { openDatabase } from '../../../../shared/adapters/postgres/database.ts'
import { openEmbeddedDatabase } from '../../../../shared/adapters/postgres/embedded.ts'
import type { Instant } from '../../../../shared/domain/market/session.ts'
import type { Database, StepDatabase } from '../../../../shared/ports/database.ts'
import { migrate, readMigrations } from '../../../../shared/runtime/migrations.ts'
import { makeDatabase } from '../../../make-database.ts'
import { TEST_DATABASE_URL } from '../../runtime/test-database.ts'

export interface OpenedDatabase {
  readonly database: StepDatabase
  /** Another pool on the same database; on a real server only. */
  readonly another: (connections?: number) => StepDatabase
  readonly drop: () => Promise<void>
}

/** An embedded database of the caller's own with every table. */
export async function embeddedIngestion(): Promise<OpenedDatabase> {
  const database = await openEmbeddedDatabase()
  await migrate(database, await migrations())
  const another = () => {
    throw new Error('The embedded database has one connection')
  }
  return { database, another, drop: () => database.close() }
}

/** A database of the caller's own on the real server, with every table. */
export async function serverIngestion(): Promise<OpenedDatabase> {
  if (!TEST_DATABASE_URL) throw new Error('EDGEFUND_TEST_DATABASE_URL is not set')
  const made = await makeDatabase(TEST_DATABASE_URL)
  const opened: StepDatabase[] = []
  const another = (connections = 2) => {
    const database = openDatabase({ url: made.url, connections })
    opened.push(database)
    return database
  }
  const database = another(4)
  await migrate(database, await migrations())
  return {
    database,
    another,
    async drop() {
      for (const each of opened) await each.close()
      await made.drop()
    },
  }
}

const TABLES = [
  ...[
    'market_data',
    'intraday_bars',
    'bar_revisions',
    'retirements',
    'corporate_actions',
    'fundamentals',
    'news_symbols',
    'news',
  ],
  ...['payloads', 'missing_symbols', 'quarantine', 'quality_symbols', 'quality_reports'],
].map((table) => `ingestion.${table}`)

/** Empties every table of the room and the catalogue; partitions stay. Truncating hundreds of them would take seconds. */
export async function emptyIngestion(database: Database): Promise<void> {
  await database.write([...TABLES, 'pipeline.objects'].map((table) => `delete from ${table}`).join(';'))
}

/** An instant of the database's clock, some milliseconds away from whatever comes before and after it. */
export async function databaseInstant(database: Database): Promise<Instant> {
  const [{ now }] = await database.read<{ now: Date }>('select pg_sleep(0.002), clock_timestamp() as now')
  await database.read('select pg_sleep(0.002)')
  return now.getTime() as Instant
}

async function migrations() {
  const all = await readMigrations(new URL('../../../../sql/migrations/', import.meta.url))
  return all.filter(({ name }) => /^\d+_(pipeline|ingestion)_/.test(name))
}
