import type { Command } from 'commander'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Operations } from '../client.ts'
import type { OperationInput } from '../operations/index.ts'
import type { Context } from './context.ts'
import { DATA_HELP, withDataOptions } from './data-options.ts'
import { openAndFollow, reportRun } from './run-flow.ts'
import {
  checkCalendarKnows,
  checkRangeIsOver,
  type DataFlags,
  type DataRequest,
  firstKnown,
  isFundWorkflow,
  isPlain,
  lastCompleted,
  rangeRequest,
  readDataFlags,
} from './run-request.ts'
import { withState } from './state.ts'

export interface RunFlags extends DataFlags {
  readonly again?: boolean
  readonly wait?: boolean
}

const RUN_HELP = `
Without dates it is the last session that has closed; a portfolio is decided for the month's first session on or after its first Monday.

  ingestion    prices, splits, dividends, ratios and news, checked and stored
  universe     who may be held, ranked; then the signals of all of them
  signals      the signals alone, of the newest ranking
  portfolio    targets, every trade considered with its costs and a verdict, limits, the order report; nothing is sent
  execution    the model broker's fills, splits and dividends, into the book
  monitoring   the book marked to market, figures, alerts, the daily report
  all          all of these around one session, or with --from and --to month by month as the clocks would have

universe to monitoring read what is stored; --source (or --provider) says whose prices, where it is not the settings'.

Examples:
  edgefund run all
  edgefund run all --from 2020-01-02 --to 2023-12-29 --provider file --data prices.csv --basis adjusted
  edgefund run portfolio --date 2024-09-03
  edgefund run ingestion
  edgefund run ingestion --date 2024-01-05
  edgefund run ingestion --from 2024-01-02 --to 2024-01-31 --symbols AAPL,MSFT --provider yahoo`

/** Adds `run`: one pass of a workflow to its end. */
export function registerRun(program: Command, context: Context): void {
  const run = program
    .command('run')
    .description('Runs a workflow to its end and prints its steps.')
    .argument('<workflow>', 'ingestion, universe, signals, portfolio, execution, monitoring, all, retention, …')
    .option('--date <D>', 'one session')
  withDataOptions(run)
    .addHelpText('after', RUN_HELP + DATA_HELP)
    .action(async (workflow: string, flags: RunFlags) => {
      if (workflow !== 'all' && !isFundWorkflow(workflow)) return runWorkflow(context, 'run', workflow, flags)
      const { runAll, runFundWorkflow } = await import('./run-fund.ts')
      return workflow === 'all' ? runAll(context, flags) : runFundWorkflow(context, workflow, flags)
    })
}

const BACKFILL_HELP = `
Long ranges are cut into windows, so a stop costs one of them.

Examples:
  edgefund backfill --from 2020-01-01 --to 2024-12-31
  edgefund backfill --provider file --data prices.parquet --basis raw`

/** Adds `backfill`: ingestion over many sessions. */
export function registerBackfill(program: Command, context: Context): void {
  const backfill = program.command('backfill').description('Brings the market data of a range of dates, resumably.')
  withDataOptions(backfill)
    .addHelpText('after', BACKFILL_HELP + DATA_HELP)
    .action((flags: RunFlags) => {
      const asked = readDataFlags(flags)
      if (asked.from === undefined && asked.provider?.name !== 'file') {
        throw new InputError(
          'backfill needs --from and --to (or --provider file --data PATH, which knows its own range)',
        )
      }
      return runWorkflow(context, 'backfill', 'ingestion', flags)
    })
}

async function runWorkflow(context: Context, verb: string, workflow: string, flags: RunFlags): Promise<void> {
  const asked = readDataFlags(flags)
  const { again = false, wait = true } = flags
  const shown = await withState(context, verb, async (operations) => {
    const request = { workflow, ...(await keyedRequest(context, operations, workflow, asked)) }
    return openAndFollow(context, operations, request, { again, wait })
  })
  reportRun(context, shown)
}

type Keyed = Omit<OperationInput<'open-run'>, 'workflow' | 'againAfter'>

/** The run that the options mean: the clock's own for a plain session, else a range named for what was said. */
export async function keyedRequest(
  context: Context,
  operations: Operations,
  workflow: string,
  asked: DataRequest,
): Promise<Keyed> {
  const { date, from, provider } = asked
  if (from === undefined && isPlain(asked)) {
    const slot = await operations.call('due-slot', { workflow, ...(date !== undefined && { date }) })
    return { key: slot.key, params: {}, slot }
  }
  const now = Date.now()
  if (date !== undefined) await operations.call('due-slot', { workflow, date })
  // A file knows what it holds; asking for anything else would only report what it lacks.
  const whole = provider?.name === 'file' ? await operations.call('data-range', { provider }) : null
  const symbols = asked.symbols ?? whole?.symbols
  const last = whole?.last ?? lastCompleted(symbols, now)
  const first = date ?? from ?? (whole ? firstKnown(whole.first, context.io().stderr) : last)
  const to = date ?? asked.to ?? last
  if (first > to) throw new InputError(`--from ${first} is after ${to}, the last date there is`)
  checkCalendarKnows(first)
  checkRangeIsOver(to, now)
  return rangeRequest(first, to, { ...asked, ...(symbols && { symbols }) })
}
