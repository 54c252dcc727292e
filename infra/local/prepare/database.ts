import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import type { Database } from '../../../shared/ports/database.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import type { Config } from '../../../shared/runtime/config.ts'
import { migrate, migrationState, readMigrations } from '../../../shared/runtime/migrations.ts'
import type { Preparation, Prepared, PrepareOptions } from './prepared.ts'

const MIGRATIONS = new URL('../../../sql/migrations/', import.meta.url)
const NO_SUCH_DATABASE = '3D000'

/**
 * Applies the migrations that a real server lacks, one migrator at a time; the previous version's functions go on working.
 * @throws UnavailableError when the server is away, refuses us or has no such database.
 * @throws InputError when a migration was applied with another content.
 */
export async function prepareDatabase(
  { databaseUrl }: Config,
  { dryRun }: Pick<PrepareOptions, 'dryRun'>,
): Promise<Prepared> {
  if (databaseUrl === undefined) return { changes: [] }
  const database = openDatabase({ url: databaseUrl, connections: 1, applicationName: 'edgefund bootstrap' })
  try {
    return { changes: await bringUpToDate(database, dryRun) }
  } catch (error) {
    throw named(error, databaseUrl)
  } finally {
    await database.close()
  }
}

async function bringUpToDate(database: Database, dryRun: boolean): Promise<Preparation[]> {
  const migrations = await readMigrations(MIGRATIONS)
  const { missing, newer } = await migrationState(database, migrations)
  // Somebody else may be applying the same ones: what counts is what we did ourselves.
  const made = new Set(dryRun || missing.length === 0 ? missing : await migrate(database, migrations))
  return [
    ...migrations.map(({ name }): Preparation => ({ name, action: made.has(name) ? 'create' : 'keep' })),
    ...newer.map((name): Preparation => ({ name, action: 'keep', detail: 'of a newer version' })),
  ]
}

/** The adapter takes a missing database for a missing migration; here the difference matters. */
function named(error: unknown, url: string): unknown {
  const { code } = ((error as Error).cause ?? {}) as { code?: string }
  if (code !== NO_SUCH_DATABASE) return error
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  return new UnavailableError(`The server has no database "${name}"; make it with createdb`, { cause: error })
}
