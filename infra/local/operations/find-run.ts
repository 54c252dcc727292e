import type { Database } from '../../../shared/ports/database.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { RunRow } from '../../../shared/runtime/runs.ts'

/** A run by its name, or the newest one of a key: `ingestion:2024-01-05`, or `2024-01-05` for short. */
export async function findRun(database: Database, name: string): Promise<RunRow> {
  const [found] = await database.read<RunRow>(
    'select * from pipeline.runs where run = $1 or key = $1 order by run = $1 desc, started desc limit 1',
    [name],
  )
  if (found) return found
  const latest = await database.read<{ run: string }>('select run from pipeline.runs order by started desc limit 3')
  const known = latest.length > 0 ? `the latest are ${latest.map(({ run }) => run).join(', ')}` : 'there is none yet'
  throw new InputError(`There is no run "${name}"; ${known}`)
}
