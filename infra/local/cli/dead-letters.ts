import type { Command } from 'commander'
import { InputError } from '../../../shared/ports/errors.ts'
import type { OperationInput } from '../operations/index.ts'
import type { Context } from './context.ts'
import { EXIT } from './exit.ts'
import { moment } from './human.ts'
import { printJson } from './output.ts'
import { followRun } from './run-flow.ts'
import { printRun } from './run-report.ts'
import { countFlag } from './runs.ts'
import { withState } from './state.ts'
import { textTable } from './text-table.ts'

interface ReplayFlags {
  readonly subscriber?: string
  readonly all?: boolean
  readonly wait: boolean
}

/** Adds `dead-letters list|show|replay`: what could not be done, why, and another try. */
export function registerDeadLetters(program: Command, context: Context): void {
  const letters = program.command('dead-letters').description('What could not be done, and why.')
  letters
    .command('list')
    .summary('the latest dead letters')
    .description('Lists deliveries that failed for good, newest first.')
    .option('--run <RUN>', 'only of this run')
    .option('--limit <N>', 'at most so many', '50')
    .action((flags: { readonly run?: string; readonly limit: string }) => list(context, flags))
  letters
    .command('show')
    .summary('one with its data')
    .description('Shows an event that is dead for a subscriber: its data, or the bytes that could not be read.')
    .argument('<event>', 'id of the event')
    .action(async (event: string) => {
      const shown = await withState(context, 'dead-letters show', (operations) =>
        operations.call('dead-letters-show', { event }),
      )
      const io = context.io()
      if (io.json) return printJson(io, shown)
      for (const { data, original, ...letter } of shown) {
        for (const [name, value] of Object.entries(letter)) io.stdout(`${name.padEnd(10)}  ${value ?? ''}\n`)
        io.stdout(original === null ? `${JSON.stringify(data, null, 2)}\n\n` : `${original}\n\n`)
      }
    })
  letters
    .command('replay')
    .summary('try again')
    .description('Offers dead letters again and follows their runs to the end.')
    .argument('[event]', 'id of the event; left out with --all')
    .option('--subscriber <S>', 'only for this step')
    .option('--all', 'for every step; without an event, every dead letter')
    .option('--no-wait', 'offer them and leave')
    .action((event: string | undefined, flags: ReplayFlags) => replay(context, event, flags))
}

async function list(context: Context, flags: { run?: string; limit: string }): Promise<void> {
  const limit = countFlag('--limit', flags.limit)
  const input = { limit, ...(flags.run !== undefined && { run: flags.run }) }
  const letters = await withState(context, 'dead-letters list', (operations) =>
    operations.call('dead-letters-list', input),
  )
  const io = context.io()
  if (io.json) return printJson(io, letters)
  if (letters.length === 0) return io.stderr('There are no dead letters\n')
  const rows = letters.map((letter) => [
    letter.event,
    letter.subscriber,
    letter.run,
    letter.part,
    moment(letter.died),
    letter.attempts,
    letter.reason,
  ])
  io.stdout(textTable(['event', 'subscriber', 'run', 'part', 'died', 'attempts', 'reason'], rows))
}

async function replay(context: Context, event: string | undefined, flags: ReplayFlags): Promise<void> {
  if (event === undefined && !flags.all) throw new InputError('replay needs the id of an event, or --all')
  const io = context.io()
  const input: OperationInput<'dead-letters-replay'> = {
    ...(event !== undefined && { event }),
    ...(flags.subscriber !== undefined && { subscriber: flags.subscriber }),
    all: flags.all ?? false,
  }
  const ended = await withState(context, 'dead-letters replay', async (operations) => {
    const { replayed, unreadable, runs } = await operations.call('dead-letters-replay', input)
    io.stderr(`Dead letters tried again: ${replayed.length}\n`)
    if (unreadable > 0) io.stderr(`Left where they are, because they could not be read: ${unreadable}\n`)
    const shown = []
    if (flags.wait) for (const run of runs) shown.push(await followRun(context, operations, run))
    return shown
  })
  if (io.json) printJson(io, ended)
  else for (const run of ended) printRun(io, run)
  context.endsWith(ended.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.ok)
}
