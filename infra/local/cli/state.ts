import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Config } from '../../../shared/runtime/config.ts'
import { type Operations, withOperations } from '../client.ts'
import type { House } from '../house.ts'
import type { Context } from './context.ts'
import { EXIT } from './exit.ts'

/** Logs as JSON lines on stderr. */
export async function openLog(level: Config['logLevel']): Promise<Logger> {
  const { pino } = await import('pino')
  return pino({ level }, pino.destination({ fd: 2, sync: true }))
}

/** Opens everything in this process, which owns the state folder by now. */
export async function openHouseHere(context: Context, log: Logger, schedules: boolean): Promise<House> {
  const config = context.config()
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

/** Does a verb's work with the state folder, whoever owns it. */
export async function withState<T>(
  context: Context,
  verb: string,
  use: (operations: Operations) => Promise<T>,
): Promise<T> {
  // The settings are read before anything is locked, so that a mistake in them is told at once.
  const { loadSettings } = await import('../../wiring/settings-file.ts')
  loadSettings(context.config())
  return withOperations(
    {
      home: context.config().home,
      verb,
      openHouse: async () => openHouseHere(context, await openLog(context.logLevel('silent')), false),
      notice: (text) => context.io().stderr(`${text}\n`),
      onLost: leaveAtOnce(context),
      signal: context.interrupted,
    },
    use,
  )
}
