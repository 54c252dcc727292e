import { z } from 'zod'
import { operation } from './operation.ts'

export interface AppliedMigration {
  readonly number: number
  readonly name: string
  readonly applied_at: string
}

/** The migrations of the database, which the owner applied when it opened it. */
export const listMigrations = operation(z.strictObject({}), async (_, house): Promise<AppliedMigration[]> => {
  const rows = await house.parts.database.read<{ number: number; name: string; applied_at: Date }>(
    'select number, name, applied_at from pipeline.migrations order by number',
  )
  return rows.map((row) => ({ ...row, applied_at: row.applied_at.toISOString() }))
})

export interface DatabaseHealth {
  readonly engine: 'postgresql' | 'embedded'
  readonly version: string
  readonly answeredInMs: number
  readonly migrations: number
  readonly running: number
  readonly dead: number
}

/** What a check-up wants to know of the database. */
export const checkDatabase = operation(z.strictObject({}), async (_, house): Promise<DatabaseHealth> => {
  const { database } = house.parts
  const started = performance.now()
  const [row] = await database.read<{ version: string; migrations: number; running: number; dead: number }>(
    `select current_setting('server_version') as version, (select count(*)::int from pipeline.migrations) as migrations,
            (select count(*)::int from pipeline.runs where state = 'running') as running,
            (select count(*)::int from pipeline.deliveries where state = 'dead') as dead`,
  )
  return { engine: database.engine, answeredInMs: performance.now() - started, ...row }
})
