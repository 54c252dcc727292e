import type { Command } from 'commander'
import type { Context } from './context.ts'
import { printJson } from './output.ts'
import { countFlag } from './runs.ts'
import { withState } from './state.ts'
import { textTable } from './text-table.ts'

/** Adds `objects ls`: what lies in the object store. */
export function registerObjects(program: Command, context: Context): void {
  program
    .command('objects')
    .description('The object store: raw payloads and the Parquet archive.')
    .command('ls')
    .summary('list objects')
    .description('Lists objects in the order of their keys.')
    .option('--prefix <P>', 'only keys that begin so', '')
    .option('--limit <N>', 'at most so many', '1000')
    .action(async (flags: { readonly prefix: string; readonly limit: string }) => {
      const input = { prefix: flags.prefix, limit: countFlag('--limit', flags.limit) }
      const { objects, more } = await withState(context, 'objects ls', (operations) =>
        operations.call('objects-list', input),
      )
      const io = context.io()
      if (io.json) printJson(io, objects)
      else if (objects.length > 0) {
        io.stdout(
          textTable(
            ['key', 'bytes', 'rows'],
            objects.map(({ key, bytes, rows }) => [key, bytes, rows]),
          ),
        )
      }
      if (more) io.stderr(`There are more than these ${objects.length}; --prefix or --limit shows others\n`)
      else if (objects.length === 0) io.stderr('There are no such objects\n')
    })
}
