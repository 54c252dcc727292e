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
    const { missing: names } = await migrationState(database, migrations)
    const missing = migrations.filter(({ name }) => names.includes(name))
    for (const migration of missing) {
      await database.write(migration.sql)
      await database.write('insert into pipeline.migrations (number, name, sha256) values ($1, $2, $3)', [
        migration.number,
        migration.name,
        migration.sha256,
      ])
    }
    return [...names]
  })
}

/** Throws `UnavailableError` when the database is older than these migrations; a newer one is fine (expand, then contract). */
export async function requireMigrated(database: Database, migrations: readonly Migration[]): Promise<void> {
  const { missing } = await migrationState(database, migrations)
  if (missing.length > 0) {
    throw new UnavailableError(`The database lacks migration ${missing[0]}; run "edgefund bootstrap"`)
  }
}

/** A database beside the migrations of this version, by their names. */
export interface MigrationState {
  readonly applied: readonly string[]
  readonly missing: readonly string[]
  /** Applied by a newer version, which is fine: expand, then contract. */
  readonly newer: readonly string[]
}

/**
 * Looks which migrations a database has, and changes nothing; one that nobody ever migrated lacks all of them.
 * @throws InputError when one was applied with another content.
 */
export async function migrationState(database: Database, migrations: readonly Migration[]): Promise<MigrationState> {
  const found = new Map((await readApplied(database)).map((row) => [row.number, row]))
  const altered = migrations.find(({ number, sha256 }) => found.has(number) && found.get(number)?.sha256 !== sha256)
  if (altered) {
    throw new InputError(
      `Migration ${altered.name} was applied to this database with another content; migrations are never changed`,
    )
  }
  const names = (list: readonly Pick<Migration, 'name'>[]) => list.map(({ name }) => name)
  const known = new Set(migrations.map(({ number }) => number))
  return {
    applied: names(migrations.filter(({ number }) => found.has(number))),
    missing: names(migrations.filter(({ number }) => !found.has(number))),
    newer: names([...found.values()].filter(({ number }) => !known.has(number))),
  }
}

type Applied = Pick<Migration, 'number' | 'name' | 'sha256'>

async function readApplied(database: Database): Promise<Applied[]> {
  const [{ there }] = await database.read<{ there: boolean }>(
    `select to_regclass('pipeline.migrations') is not null as there`,
  )
  if (!there) return []
  return database.read<Applied>('select number, name, sha256 from pipeline.migrations order by number')
}
