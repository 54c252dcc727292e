import type { Command } from 'commander'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Context } from './context.ts'
import { EXIT } from './exit.ts'
import { duration, moment } from './human.ts'
import { printJson } from './output.ts'
import { followRun, reportRun } from './run-flow.ts'
import { printRun } from './run-report.ts'
import { choice } from './run-request.ts'
import { withState } from './state.ts'
import { textTable } from './text-table.ts'

const STATES = ['running', 'ok', 'partial', 'failed'] as const

/** Adds `runs list|show|retry`: what ran, how it went, and another try. */
export function registerRuns(program: Command, context: Context): void {
  const runs = program.command('runs').description('What ran and how it went.')
  runs
    .command('list')
    .summary('the latest runs')
    .description('Lists the latest runs, newest first.')
    .option('--workflow <W>', 'only of this workflow')
    .option('--state <S>', 'only running, ok, partial or failed ones')
    .option('--limit <N>', 'at most so many', '20')
    .action((flags: { readonly workflow?: string; readonly state?: string; readonly limit: string }) =>
      list(context, flags),
    )
  runs
    .command('show')
    .summary('one run with its steps')
    .description('Shows a run: its steps, their attempts and reasons, and the quality of what it brought.')
    .argument('<run>', 'its name, or its key for short')
    .action(async (run: string) => {
      const shown = await withState(context, 'runs show', (operations) => operations.call('run-show', { run }))
      printRun(context.io(), shown)
    })
  runs
    .command('retry')
    .summary('try the dead letters of a run again')
    .description('Offers the dead deliveries of a run again and follows it to its end.')
    .argument('<run>', 'its name, or its key for short')
    .option('--no-wait', 'offer them and leave')
    .action((run: string, flags: { readonly wait: boolean }) => retry(context, run, flags.wait))
}

async function list(context: Context, flags: { workflow?: string; state?: string; limit: string }): Promise<void> {
  const state = choice('--state', flags.state, STATES)
  const limit = countFlag('--limit', flags.limit)
  const { workflow } = flags
  const lines = await withState(context, 'runs list', (operations) =>
    operations.call('runs-list', { ...(workflow !== undefined && { workflow }), ...(state && { state }), limit }),
  )
  const io = context.io()
  if (io.json) return printJson(io, lines)
  if (lines.length === 0) return io.stderr('There is no run yet; "edgefund run ingestion" makes one\n')
  const rows = lines.map((line) => [
    line.run,
    line.state,
    moment(line.started),
    line.seconds === null ? null : duration(line.seconds),
    line.reason,
  ])
  io.stdout(textTable(['run', 'state', 'started', 'time', 'reason'], rows))
}

async function retry(context: Context, run: string, wait: boolean): Promise<void> {
  const io = context.io()
  const shown = await withState(context, 'runs retry', async (operations) => {
    const { run: name, replayed } = await operations.call('run-retry', { run })
    io.stderr(`Dead letters of ${name} tried again: ${replayed}\n`)
    return wait ? followRun(context, operations, name) : undefined
  })
  if (shown) reportRun(context, shown)
  else context.endsWith(EXIT.ok)
}

/** A whole number from 1, as `--limit` takes it. */
export function countFlag(name: string, text: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= 10_000) return count
  throw new InputError(`${name} "${text}", expected a whole number from 1 to 10000`)
}
