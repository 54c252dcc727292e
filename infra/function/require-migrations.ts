import type { Database } from '../../shared/ports/database.ts'
import { UnavailableError } from '../../shared/ports/errors.ts'

/**
 * Asks once whether the database has at least so many migrations; a newer one is fine (expand, then contract), and one that was new
 * enough stays so.
 * @throws UnavailableError when the database is older or away: the call comes again.
 */
export function migrationCheck(database: Database, needed: number): () => Promise<void> {
  let satisfied = false
  return async () => {
    if (satisfied) return
    const applied = await countMigrations(database)
    if (applied < needed) {
      throw new UnavailableError(
        `The database has ${applied} of the ${needed} migrations that this version needs; run "edgefund bootstrap"`,
      )
    }
    satisfied = true
  }
}

async function countMigrations(database: Database): Promise<number> {
  try {
    const [{ applied }] = await database.read<{ applied: number }>(
      'select count(*)::int as applied from pipeline.migrations',
    )
    return applied
  } catch (error) {
    if (error instanceof UnavailableError) throw error
    // Whatever it is (a missing grant, say), no delivery is to blame for it.
    const found = error instanceof Error ? error.message : String(error)
    throw new UnavailableError(`The database's migrations cannot be read: ${found}`, { cause: error })
  }
}
