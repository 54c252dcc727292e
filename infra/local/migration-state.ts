import type { Database } from '../../shared/ports/database.ts'
import { InputError } from '../../shared/ports/errors.ts'
import type { Migration } from '../../shared/runtime/migrations.ts'

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
