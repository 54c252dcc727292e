import { postgresRunViews } from '../../../shared/adapters/postgres/run-views.ts'
import type { Database } from '../../../shared/ports/database.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { RunOpening } from '../../../shared/ports/run-views.ts'

/** A run by its name, or the newest one of a key: `ingestion:2024-01-05`, or `2024-01-05` for short. */
export async function findRun(database: Database, name: string): Promise<RunOpening> {
  const views = postgresRunViews(database)
  const found = await views.find(name)
  if (found) return found
  const latest = await views.list({ limit: 3 })
  const known = latest.length > 0 ? `the latest are ${latest.map(({ run }) => run).join(', ')}` : 'there is none yet'
  throw new InputError(`There is no run "${name}"; ${known}`)
}
