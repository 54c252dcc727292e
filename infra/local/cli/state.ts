import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Config } from '../../../shared/runtime/config.ts'
import { type Operations, withOperations } from '../client.ts'
import type { House } from '../house.ts'
import type { Operation } from '../operations/operation.ts'
import type { Context } from './context.ts'
import { EXIT } from './exit.ts'

/**
 * Logs as JSON lines on stderr, and, where the work is done here, in the state folder as well: there the console reads them again, also those
 * of a verb that shows none.
 */
export async function openLog(level: Config['logLevel'], config?: Config): Promise<Logger> {
  const [{ pino }, { openLogFile }] = await Promise.all([
    import('pino'),
    import('../../../shared/adapters/file/log-files.ts'),
  ])
  const stderr = pino.destination({ fd: 2, sync: true })
  if (config?.work !== 'here') return pino({ level }, stderr)
  const kept = { level: 'info', stream: openLogFile(join(config.home, 'logs')) } as const
  if (level === 'silent') return pino({ level: 'info' }, kept.stream)
  const most = pino.levels.values[level] < pino.levels.values.info ? level : 'info'
  return pino({ level: most }, pino.multistream([{ level, stream: stderr }, kept]))
}

/**
 * Opens everything in this process, which owns the state folder by now, unless the work is done elsewhere: then nothing is owned.
 * @throws InputError when it should fire schedules that others fire.
 */
export async function openHouseHere(context: Context, log: Logger, schedules: boolean): Promise<House> {
  const config = context.config()
  if (schedules && config.work === 'elsewhere') {
    throw new InputError('EDGEFUND_WORK is "elsewhere": the cluster fires the schedules and does the work, not "up"')
  }
  const [{ openHouse }, { loadSettings }] = await Promise.all([
    import('../house.ts'),
    import('../../wiring/settings-file.ts'),
  ])
  // What another process of this folder held is released at the start, by the part before the slash.
  const folder = createHash('sha256').update(`${hostname()}:${config.home}`).digest('hex').slice(0, 12)
  const notice = (text: string) => context.io().stderr(`${text}\n`)
  return openHouse({
    config,
    settings: loadSettings(config),
    log,
    owner: `local-${folder}/${process.pid}`,
    schedules,
    notice,
  })
}

/** What to do when somebody else has taken the state folder from under us: two owners would lose rows silently. */
export function leaveAtOnce(context: Context): () => void {
  return () => {
    context.io().stderr('edgefund: the state folder has another owner now; stopped at once\n')
    process.exit(EXIT.unavailable)
  }
}

/** Does a verb's work with the state: with the state folder, whoever owns it, or with the database that a cluster works on. */
export async function withState<T>(
  context: Context,
  verb: string,
  use: (operations: Operations) => Promise<T>,
): Promise<T> {
  // The settings are read before anything is locked, so that a mistake in them is told at once.
  const { loadSettings } = await import('../../wiring/settings-file.ts')
  loadSettings(context.config())
  if (context.config().work === 'elsewhere') return withOnlooker(context, use)
  return withOperations(
    {
      home: context.config().home,
      verb,
      openHouse: async () => openHouseHere(context, await openLog(context.logLevel('silent'), context.config()), false),
      notice: (text) => context.io().stderr(`${text}\n`),
      onLost: leaveAtOnce(context),
      signal: context.interrupted,
    },
    use,
  )
}

/**
 * Asks a house of its own that works on nothing. It takes no lock: many may look at once, and the state folder, which may belong to another
 * database, has no part in it.
 */
async function withOnlooker<T>(context: Context, use: (operations: Operations) => Promise<T>): Promise<T> {
  const house = await openHouseHere(context, await openLog(context.logLevel('silent')), false)
  try {
    const [{ operations }, { runOperation }] = await Promise.all([
      import('../operations/index.ts'),
      import('../operations/serve.ts'),
    ])
    return await use({
      call: async (name, input) => (await runOperation(operations[name] as Operation, input, house)) as never,
      owner: () => undefined,
    })
  } finally {
    await house.stop()
  }
}
