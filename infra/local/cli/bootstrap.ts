import type { Command } from 'commander'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Config } from '../../../shared/runtime/config.ts'
import type { Prepared, PrepareOptions } from '../prepare/prepared.ts'
import type { Context } from './context.ts'
import { exitCodeOf } from './exit.ts'
import { printJson } from './output.ts'
import { textTable } from './text-table.ts'

const DESCRIPTION = `Prepares what a cluster leans on: migrations in PostgreSQL, streams and consumers in NATS, the bucket in S3.
Each part only where it is configured. Doing it twice is doing it once. It opens no state and takes no lock.`

const HELP = `
The embedded database and the folder of objects need none of this.
A consumer or a stream that no step asks for any more is called obsolete. --prune deletes such consumers; no stream is ever deleted.
When a part is away, the others are prepared all the same, and the exit code is 3.

Examples:
  DATABASE_URL=… NATS_URL=… edgefund bootstrap --dry-run
  edgefund bootstrap`

/** One part of the world, and how it is made ready. */
interface Part {
  readonly name: 'postgresql' | 'nats' | 's3'
  readonly variable: string
  isConfigured(config: Config): boolean
  prepare(config: Config, options: PrepareOptions): Promise<Prepared>
}

/** In the order in which they are needed: whatever is published wants to be kept, and what is kept names objects. */
const PARTS: readonly Part[] = [
  {
    name: 'postgresql',
    variable: 'DATABASE_URL',
    isConfigured: ({ databaseUrl }) => databaseUrl !== undefined,
    prepare: async (...given) => (await import('../prepare/database.ts')).prepareDatabase(...given),
  },
  {
    name: 'nats',
    variable: 'NATS_URL',
    isConfigured: ({ natsUrl }) => natsUrl !== undefined,
    prepare: async (...given) => (await import('../prepare/bus.ts')).prepareBus(...given),
  },
  {
    name: 's3',
    variable: 'S3_ENDPOINT',
    isConfigured: ({ s3 }) => s3 !== undefined,
    prepare: async (...given) => (await import('../prepare/objects.ts')).prepareObjects(...given),
  },
]

interface BootstrapFlags {
  readonly dryRun?: boolean
  readonly prune?: boolean
}

/** Adds `bootstrap`: what a cluster leans on, made ready. */
export function registerBootstrap(program: Command, context: Context): void {
  program
    .command('bootstrap')
    .description(DESCRIPTION)
    .option('--dry-run', 'change nothing, say what would be done')
    .option('--prune', 'delete consumers that no step answers to any more')
    .addHelpText('after', HELP)
    .action((flags: BootstrapFlags) => bootstrap(context, flags))
}

async function bootstrap(context: Context, { dryRun = false, prune = false }: BootstrapFlags): Promise<void> {
  const config = context.config()
  const io = context.io()
  const configured = PARTS.filter((part) => part.isConfigured(config))
  if (configured.length === 0) {
    throw new InputError('There is nothing to prepare: none of DATABASE_URL, NATS_URL and S3_ENDPOINT is set')
  }
  const rows: (Prepared['changes'][number] & { readonly part: Part['name'] })[] = []
  const failures: { readonly part: Part['name']; readonly reason: string }[] = []
  let code = 0
  for (const { name, prepare } of configured) {
    context.interrupted.throwIfAborted()
    try {
      const { changes, unfit } = await prepare(config, { dryRun, prune })
      rows.push(...changes.map((change) => ({ part: name, ...change })))
      if (unfit) throw unfit
    } catch (error) {
      failures.push({ part: name, reason: inOneLine(error) })
      // What is away weighs more than what is wrong: once it is back, the same command says the rest.
      code = Math.max(code, exitCodeOf(error))
    }
  }
  const unset = PARTS.filter((part) => !configured.includes(part)).map(({ variable }) => variable)
  if (io.json) printJson(io, { dryRun, changes: rows, failures, notConfigured: unset })
  else if (rows.length > 0) {
    const cells = rows.map(({ part, name, action, detail }) => [part, name, action, detail])
    io.stdout(textTable(['part', 'name', 'action', 'detail'], cells))
  }
  if (unset.length > 0) io.stderr(`Left alone, because not set: ${unset.join(', ')}\n`)
  if (dryRun) io.stderr('Nothing was changed\n')
  const rest =
    configured.length > failures.length ? `; the rest was ${dryRun ? 'looked at' : 'prepared'} all the same` : ''
  for (const { part, reason } of failures) io.stderr(`edgefund: ${part}: ${reason}${rest}\n`)
  context.endsWith(code)
}

function inOneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replaceAll(/\s*\n\s*/g, ' ')
}
