import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Database } from '../ports/database.ts'
import { InputError, UnavailableError } from '../ports/errors.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly sha256: string
}

const FILE = /^(\d{4})_([a-z0-9]+)_[a-z0-9_]+\.sql$/

/** Any number, the same for every migrator: two of them at once wait for each other. */
const ADVISORY_LOCK = 7_310_113

/** Reads `NNNN_<schema>_<subject>.sql` files in order, refusing gaps, doubles and other names. */
export async function readMigrations(folder: URL): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (file, i) => {
      const match = FILE.exec(file)
      if (!match) throw new InputError(`Migration "${file}" is not named NNNN_<schema>_<subject>.sql`)
      if (Number(match[1]) !== i + 1)
        throw new InputError(`Migration "${file}" should have the number ${i + 1}: numbers have no gaps`)
      const sql = await readFile(new URL(file, folder), 'utf8')
      return { number: i + 1, name: file, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/** Applies what is missing, each migration in one transaction, and answers the names applied. One migrator works at a time. */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<string[]> {
  return database.transaction(async () => {
    await database.write(`select pg_advisory_xact_lock(${ADVISORY_LOCK})`)
    await database.write(`
      create schema if not exists pipeline;
      create table if not exists pipeline.migrations (
        number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now());
    `)
    const applied = await appliedMigrations(database)
    const missing: Migration[] = []
    for (const migration of migrations) {
      const before = applied.get(migration.number)
      if (!before) missing.push(migration)
      else if (before !== migration.sha256) {
        throw new InputError(
          `Migration ${migration.name} was applied to this database with another content; migrations are never changed`,
        )
      }
    }
    for (const migration of missing) {
      await database.write(migration.sql)
      await database.write('insert into pipeline.migrations (number, name, sha256) values ($1, $2, $3)', [
        migration.number,
        migration.name,
        migration.sha256,
      ])
    }
    return missing.map((migration) => migration.name)
  })
}

/** Throws `UnavailableError` when the database is older than these migrations; a newer one is fine (expand, then contract). */
export async function requireMigrated(database: Database, migrations: readonly Migration[]): Promise<void> {
  const applied = await appliedMigrations(database)
  const missing = migrations.filter((migration) => !applied.has(migration.number))
  if (missing.length > 0) {
    throw new UnavailableError(`The database lacks migration ${missing[0].name}; run "edgefund bootstrap"`)
  }
}

async function appliedMigrations(database: Database): Promise<Map<number, string>> {
  const rows = await database.read<{ number: number; sha256: string }>(
    'select number, sha256 from pipeline.migrations order by number',
  )
  return new Map(rows.map((row) => [row.number, row.sha256]))
}
