import type { Command } from 'commander'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import { readMigrations } from '../../../shared/runtime/migrations.ts'
import type { Context } from './context.ts'
import { moment } from './human.ts'
import { printJson } from './output.ts'
import { withState } from './state.ts'
import { textTable } from './text-table.ts'

const MIGRATIONS = new URL('../../../sql/migrations/', import.meta.url)

/** Adds `db migrate`. */
export function registerDb(program: Command, context: Context): void {
  program
    .command('db')
    .description('The database.')
    .command('migrate')
    .summary('bring the schema up to date')
    .description('Applies the migrations that the database lacks and lists all of them.')
    .action(async () => {
      // Whoever owns the state folder migrated when it opened the database, up to the version of the code it runs.
      const migrations = await withState(context, 'db migrate', async (operations) => {
        const applied = await operations.call('migrations-list', {})
        const missing = (await readMigrations(MIGRATIONS)).filter(({ number }) => number > applied.length)
        if (missing.length === 0) return applied
        const owner = operations.owner()
        throw new UnavailableError(
          `Process ${owner?.pid} (${owner?.verb}) runs an older version, without ${missing[0].name}; stop it and try again`,
        )
      })
      const io = context.io()
      if (io.json) return printJson(io, migrations)
      io.stdout(
        textTable(
          ['number', 'migration', 'applied'],
          migrations.map((migration) => [migration.number, migration.name, moment(migration.applied_at)]),
        ),
      )
    })
}
