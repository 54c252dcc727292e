import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InputError, UnavailableError } from '../../../shared/ports/errors.ts'
import { type Migration, migrate, readMigrations, requireMigrated } from '../../../shared/runtime/migrations.ts'
import { coreMigrations, openTestDatabase, type TestDatabase } from './test-database.ts'

const migration = (number: number, sql: string, name = `000${number}_toy_part.sql`): Migration => ({
  number,
  name,
  sql,
  sha256: createHash('sha256').update(sql).digest('hex'),
})
const first = migration(1, 'create schema toy; create table toy.first (a integer);')
const second = migration(2, 'create table toy.second (a integer);')

describe('reading migrations', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'edgefund-migrations-'))
    return () => rm(folder, { recursive: true })
  })
  const read = async (...files: string[]) => {
    for (const file of files) await writeFile(join(folder, file), `-- ${file}`)
    return readMigrations(pathToFileURL(`${folder}/`))
  }

  it('gives them in order, with the hash of their content', async () => {
    const migrations = await read('0002_toy_more.sql', '0001_toy_part.sql', 'README.md')

    expect(migrations.map(({ number, name }) => [number, name])).toEqual([
      [1, '0001_toy_part.sql'],
      [2, '0002_toy_more.sql'],
    ])
    expect(migrations[0].sha256).toBe(createHash('sha256').update('-- 0001_toy_part.sql').digest('hex'))
  })

  it('refuses a gap, a double and another name', async () => {
    await expect(read('0001_toy_part.sql', '0003_toy_more.sql')).rejects.toThrow(
      'Migration "0003_toy_more.sql" should have the number 2: numbers have no gaps',
    )
    await rm(join(folder, '0003_toy_more.sql'))
    await expect(read('0001_toy_twin.sql')).rejects.toThrow('should have the number 2')
    await rm(join(folder, '0001_toy_twin.sql'))
    await expect(read('2_toy.sql')).rejects.toThrow('is not named NNNN_<schema>_<subject>.sql')
  })

  it('finds the event core first', async () => {
    expect((await coreMigrations())[0]).toMatchObject({ number: 1, name: '0001_pipeline_core.sql' })
  })
})

describe('migrating', () => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await openTestDatabase()
  })
  beforeEach(() => opened.database.write('drop schema if exists pipeline cascade; drop schema if exists toy cascade'))
  afterAll(() => opened.drop())

  const tables = async () =>
    (
      await opened.database.read<{ name: string }>(
        `select table_schema || '.' || table_name as name from information_schema.tables
         where table_schema in ('toy', 'pipeline') order by 1`,
      )
    ).map(({ name }) => name)

  it('applies what is missing, once', async () => {
    expect(await migrate(opened.database, [first])).toEqual(['0001_toy_part.sql'])
    expect(await migrate(opened.database, [first, second])).toEqual(['0002_toy_part.sql'])
    expect(await migrate(opened.database, [first, second])).toEqual([])
    expect(await tables()).toEqual(['pipeline.migrations', 'toy.first', 'toy.second'])
  })

  it('applies all or nothing', async () => {
    const broken = migration(2, 'create table toy.second (a integer); select nonsense from nowhere;')

    await expect(migrate(opened.database, [first, broken])).rejects.toThrow(/nowhere/)
    expect(await tables()).toEqual([])
  })

  it('refuses a migration whose content has changed, and applies nothing', async () => {
    await migrate(opened.database, [first])
    const changed = { ...first, sha256: 'other' }

    const refusal = await migrate(opened.database, [changed, second]).catch((error) => error)

    expect(refusal).toBeInstanceOf(InputError)
    expect(refusal.message).toContain('0001_toy_part.sql was applied to this database with another content')
    expect(await tables()).toEqual(['pipeline.migrations', 'toy.first'])
  })

  it('takes a file that was only renamed for the same migration', async () => {
    await migrate(opened.database, [first])

    expect(await migrate(opened.database, [{ ...first, name: '0001_toy_renamed.sql' }, second])).toEqual([second.name])
  })

  it('is done once by two migrators at once', async () => {
    const slow = migration(2, 'create table toy.second (a integer); select pg_sleep(0.1);')

    const applied = await Promise.all([
      migrate(opened.database, [first, slow]),
      migrate(opened.database, [first, slow]),
    ])

    expect(applied.map((names) => names.length).sort()).toEqual([0, 2])
  })

  it('is asked for when the database is older; a newer one is fine', async () => {
    await expect(requireMigrated(opened.database, [first])).rejects.toThrow(UnavailableError)
    await migrate(opened.database, [first])
    await expect(requireMigrated(opened.database, [first, second])).rejects.toThrow(
      'The database lacks migration 0002_toy_part.sql; run "edgefund bootstrap"',
    )
    await migrate(opened.database, [first, second])
    await expect(requireMigrated(opened.database, [first])).resolves.toBeUndefined()
  })

  it('builds the event core, with a comment on every table', async () => {
    await migrate(opened.database, await coreMigrations())

    const bare = await opened.database.read(
      `select relname from pg_class where relnamespace = 'pipeline'::regnamespace and relkind = 'r'
         and relname <> 'migrations' and obj_description(oid) is null`,
    )
    expect(bare).toEqual([])
    expect(await tables()).toContain('pipeline.deliveries')
  })
})
