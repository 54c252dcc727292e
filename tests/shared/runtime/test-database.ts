import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import { openEmbeddedDatabase } from '../../../shared/adapters/postgres/embedded.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { type Migration, migrate, readMigrations } from '../../../shared/runtime/migrations.ts'
import { makeDatabase } from '../../make-database.ts'

/** A real server to prove things on; without it the unit tests run on the embedded engine and the integration tests are skipped. */
export const TEST_DATABASE_URL = process.env.EDGEFUND_TEST_DATABASE_URL || undefined

export const WITHOUT_SERVER = 'needs a real PostgreSQL: set EDGEFUND_TEST_DATABASE_URL'

export interface TestDatabase {
  readonly database: StepDatabase
  /** The database's own address on a real server. */
  readonly url: string | undefined
  drop(): Promise<void>
}

/** The migrations of the event core alone: what the toy chains of these tests need. */
export async function coreMigrations(): Promise<Migration[]> {
  const all = await readMigrations(new URL('../../../sql/migrations/', import.meta.url))
  return all.filter((migration) => /^\d+_pipeline_/.test(migration.name))
}

/** An empty database of the caller's own: on the real server when there is one, else embedded, in memory. */
export async function openTestDatabase(connections = 8): Promise<TestDatabase> {
  if (!TEST_DATABASE_URL) {
    const database = await openEmbeddedDatabase()
    return { database, url: undefined, drop: () => database.close() }
  }
  const made = await makeDatabase(TEST_DATABASE_URL)
  const database = openDatabase({ url: made.url, connections })
  return {
    database,
    url: made.url,
    async drop() {
      await database.close()
      await made.drop()
    },
  }
}

/**
 * The event core and the toys' own tables in an empty database. `toy.effects` has no key on purpose: an effect that happens twice shows as
 * two rows.
 */
export async function prepareCore(database: StepDatabase): Promise<void> {
  await migrate(database, await coreMigrations())
  await database.write(`
    create schema toy;
    create table toy.effects (step text not null, event_id text not null, run text not null, attempt integer not null);
    create table toy.notes (note text not null);
  `)
}

export async function emptyCore(database: StepDatabase): Promise<void> {
  await database.write(`
    truncate pipeline.runs, pipeline.trail, pipeline.deliveries, pipeline.joins, pipeline.join_arrivals, pipeline.clocks, pipeline.checkpoints,
             pipeline.stream_positions,
             toy.effects, toy.notes`)
}
