import { type Session, yearsBefore } from '../../../shared/domain/market/session.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { sourceOf } from '../../../shared/runtime/settings.ts'
import { loadSettings } from '../../wiring/settings-file.ts'
import type { Operations } from '../client.ts'
import type { Context } from './context.ts'
import { EXIT } from './exit.ts'
import { followPlan, type PlannedRun } from './follow-plan.ts'
import { printFund } from './fund-report.ts'
import { planSession, planWalk } from './fund-walk.ts'
import { keyedRequest, type RunFlags } from './run.ts'
import { openAndFollow, reportRun } from './run-flow.ts'
import {
  askedSource,
  checkRangeIsOver,
  type DataRequest,
  datedRequest,
  type FundRequest,
  type FundWorkflow,
  lastCompleted,
  rangeRequest,
  readDataFlags,
  sessionsRequest,
} from './run-request.ts'
import { withState } from './state.ts'

/** So much history lies before a walk's first date: a year to rank by, and what its longest average needs. */
const WARM_UP_YEARS = 2

/** Runs one of the fund's workflows: for a session, or for each rebalance (or all sessions) of a range. */
export async function runFundWorkflow(context: Context, workflow: FundWorkflow, flags: RunFlags): Promise<void> {
  const { source, asked } = readFundFlags(context, flags)
  const { again = false, wait = true } = flags
  const takesRanges = workflow === 'execution' || workflow === 'monitoring'
  if (asked.from !== undefined && !takesRanges) return walkWorkflow(context, workflow, asked, source, again)
  const shown = await withState(context, 'run', async (operations) => {
    const request = await fundRequest(operations, workflow, asked, source)
    return openAndFollow(context, operations, { ...request, workflow, params: { ...request.params } }, { again, wait })
  })
  reportRun(context, shown)
}

async function fundRequest(
  operations: Operations,
  workflow: FundWorkflow,
  { date, from, to }: DataRequest,
  source: string | undefined,
): Promise<FundRequest> {
  if (from !== undefined) {
    const last = to ?? lastCompleted(undefined, Date.now())
    checkRangeIsOver(last, Date.now())
    return sessionsRequest(from, last, source)
  }
  const slot = await operations.call('due-slot', { workflow, ...(date !== undefined && { date }) })
  if (source === undefined) return { key: slot.key, params: {}, slot }
  const takesRanges = workflow === 'execution' || workflow === 'monitoring'
  return takesRanges ? sessionsRequest(slot.key, slot.key, source) : datedRequest(slot.key, source)
}

/** A workflow that belongs to rebalances, for each rebalance of the range. */
async function walkWorkflow(
  context: Context,
  workflow: FundWorkflow,
  asked: DataRequest,
  source: string | undefined,
  again: boolean,
): Promise<void> {
  const { from, to } = rangeOf(asked)
  // The signals of a month are made where its universe is.
  const like = workflow === 'signals' ? 'universe' : workflow
  const plan = planWalk(from, to, source)
    .filter((step) => step.workflow === like)
    .map((step) => ({ ...step, workflow }))
  await finish(context, source, (operations) => followPlan(context, operations, plan, { again }))
}

/**
 * The whole chain: fetches what is missing, then takes the fund through the range month by month, or through one session to the proposal for
 * the next.
 */
export async function runAll(context: Context, flags: RunFlags): Promise<void> {
  const { source, asked } = readFundFlags(context, flags)
  if (flags.wait === false) throw new InputError('run all is many runs, each after the other: it takes no --no-wait')
  const { again = false } = flags
  await finish(context, source, async (operations) => {
    const ranged = asked.from !== undefined
    const ingestion = ranged
      ? await warmedUp(operations, asked)
      : { workflow: 'ingestion', ...(await keyedRequest(context, operations, 'ingestion', asked)) }
    const shown = await openAndFollow(context, operations, ingestion, { again })
    if (!shown || shown.state === 'failed') {
      reportRun(context, shown)
      return []
    }
    // A walk tells why a month was left out; around one session what was refused for want of data is tried again.
    if (!ranged)
      return followPlan(context, operations, planSession(sessionOf(asked), source), { again, retryFailed: true })
    return followPlan(context, operations, walkOf(asked, source), { again })
  })
}

function walkOf(asked: DataRequest, source: string | undefined) {
  const { from, to } = rangeOf(asked)
  const plan = planWalk(from, to, source)
  if (plan.length > 0) return plan
  throw new InputError(
    `There is no rebalance from ${from} to ${to}: it is on the first session after a month's first Monday`,
  )
}

/** One backfill of everything that the walk looks at. */
async function warmedUp(operations: Operations, asked: DataRequest) {
  const { from, to } = rangeOf(asked)
  const { symbols, provider } = asked
  const early = yearsBefore(from, WARM_UP_YEARS)
  const whole = provider?.name === 'file' ? await operations.call('data-range', { provider }) : null
  const first = [early, whole?.first ?? early].sort()[1]
  const known = symbols ?? whole?.symbols
  return {
    workflow: 'ingestion',
    ...rangeRequest(first < from ? first : from, to, {
      ...(known && { symbols: known }),
      ...(provider && { provider }),
    }),
  }
}

function rangeOf({ from, to }: DataRequest): { from: Session; to: Session } {
  const last = to ?? lastCompleted(undefined, Date.now())
  checkRangeIsOver(last, Date.now())
  return { from: from as Session, to: last as Session }
}

function sessionOf({ date }: DataRequest): Session {
  return (date ?? lastCompleted(undefined, Date.now())) as Session
}

function readFundFlags(
  context: Context,
  flags: RunFlags,
): { readonly asked: DataRequest; readonly source: string | undefined } {
  // A source alone says whose stored prices count; beside data it names what is stored.
  const { source, ...others } = flags
  const alone = source !== undefined && flags.provider === undefined && flags.data === undefined
  const asked = readDataFlags(alone ? others : flags)
  if (asked.interval !== undefined) throw new InputError('The fund looks at daily prices: it takes no --interval')
  const named = alone ? source : askedSource(asked)
  // The settings' own source is the clock's, too: one rebalance a month, whoever asks for it.
  return { asked, source: named === sourceOf(loadSettings(context.config()).provider) ? undefined : named }
}

/** Does the runs, then says how the fund stands. */
async function finish(
  context: Context,
  source: string | undefined,
  walk: (operations: Operations) => Promise<readonly PlannedRun[]>,
): Promise<void> {
  const { runs, fund } = await withState(context, 'run', async (operations) => {
    const done = await walk(operations)
    const summary = done.length === 0 ? null : await operations.call('fund-summary', { ...(source && { source }) })
    return { runs: done, fund: summary }
  })
  if (runs.length === 0) return
  printFund(context, runs, fund)
  const failed = runs.filter(({ state }) => state === 'failed')
  // A month that could not be ranked or decided is told; only a fund that never got anywhere has failed.
  const broken = failed.some(({ workflow }) => workflow === 'execution' || workflow === 'monitoring')
  context.endsWith(broken || failed.length === runs.length ? EXIT.failed : EXIT.ok)
}
