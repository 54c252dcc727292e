import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { InputError, UnavailableError } from '../../../shared/ports/errors.ts'
import { type HomeLock, readOwner, tryLock } from '../lock.ts'
import type { Context } from './context.ts'
import { printJson } from './output.ts'
import { leaveAtOnce, openHouseHere, openLog } from './state.ts'

const DEFAULT_PORT = '8080'
const POLL_MS = 100

/** Adds `up`: the gateway and the schedules until stopped. */
export function registerUp(program: Command, context: Context): void {
  program
    .command('up')
    .description('Serves the gateway on 127.0.0.1, fires the schedules and works on what is due, until stopped.')
    .option('--port <N>', 'port of the gateway; 0 takes any free one', DEFAULT_PORT)
    .addHelpText(
      'after',
      `
While it runs, every other verb of the same home goes through it.

  curl http://127.0.0.1:8080/system/functions
  curl -X POST http://127.0.0.1:8080/function/ingestion-open-session`,
    )
    .action((flags: { readonly port: string }) => serve(context, portFlag(flags.port)))
}

function portFlag(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InputError(`--port "${text}", expected a number from 0 to 65535`)
}

async function serve(context: Context, port: number): Promise<void> {
  const { home } = context.config()
  const { stderr } = context.io()
  const log = await openLog(context.logLevel('info'), context.config())
  const lock = await takeHome(context, home)
  try {
    const house = await openHouseHere(context, log, true)
    try {
      const [{ openGateway }, { services }] = await Promise.all([
        import('../gateway.ts'),
        import('../../../functions/index.ts'),
      ])
      const gateway = await openGateway({ house, services, token: lock.owner.token, port })
      lock.listensOn(gateway.port)
      const url = `http://127.0.0.1:${gateway.port}`
      if (context.io().json) printJson(context.io(), { url, pid: process.pid, home })
      else
        stderr(
          `edgefund is up at ${url}, its console at ${url}/function/console/, its state in ${home}; Ctrl-C stops it\n`,
        )
      await new Promise<void>((resolve) => {
        if (context.interrupted.aborted) resolve()
        context.interrupted.addEventListener('abort', () => resolve(), { once: true })
      })
      stderr('Finishing what is under way (once more to stop at once) …\n')
      await gateway.stop()
    } finally {
      await house.stop()
    }
  } finally {
    lock.release()
  }
}

/** Waits for a verb that is just at work; another `up` stays, so it is named instead. */
async function takeHome(context: Context, home: string): Promise<HomeLock> {
  for (;;) {
    context.interrupted.throwIfAborted()
    const lock = tryLock(home, { verb: 'up', onLost: leaveAtOnce(context) })
    if (lock) return lock
    const owner = readOwner(home)
    if (owner?.verb === 'up') {
      const where = owner.port === 0 ? 'is starting' : `is up at http://127.0.0.1:${owner.port}`
      throw new UnavailableError(`Process ${owner.pid} on ${owner.host} ${where} with ${home} already`)
    }
    await sleep(POLL_MS)
  }
}
