import type { RunState } from '../../../shared/runtime/runs.ts'
import type { Operations } from '../client.ts'
import type { Context } from './context.ts'
import { Interrupted } from './exit.ts'
import type { WalkStep } from './fund-walk.ts'
import { type ProgressLine, progressOnStderr } from './progress.ts'

/** A run of a plan, and how it ended. */
export interface PlannedRun {
  readonly run: string
  readonly workflow: string
  readonly month: string
  readonly state: RunState
  readonly reason: string | null
  readonly seconds: number
  /** False when it had been done before. */
  readonly opened: boolean
}

/** So long the owner may keep an answer back while a run goes on. */
const ANSWER_WITHIN_MS = 2_000

/** What a month can do without: a universe that cannot be ranked yet, a rebalance that is refused. The reason is told, the walk goes on. */
const MAY_FAIL: ReadonlySet<string> = new Set(['universe', 'signals', 'portfolio'])

export interface FollowOptions {
  /** Make a new revision of every run. */
  readonly again?: boolean
  /** Make a new revision of a run that failed before: what it lacked then may be there now. */
  readonly retryFailed?: boolean
}

/**
 * Opens the runs of a plan one after the other, each when the one before is over, and shows how far it is. Runs that are done are passed
 * over, so a plan that was stopped goes on where it was. Ends early when a run fails that the following ones lean on.
 */
export async function followPlan(
  context: Context,
  operations: Operations,
  plan: readonly WalkStep[],
  options: FollowOptions = {},
): Promise<PlannedRun[]> {
  const io = context.io()
  const line = progressOnStderr(io)
  const done: PlannedRun[] = []
  try {
    for (const [i, step] of plan.entries()) {
      const ended = await runStep(context, operations, step, options, line, { done: i, total: plan.length })
      done.push(ended)
      if (ended.state === 'failed' && !MAY_FAIL.has(step.workflow)) break
    }
  } catch (error) {
    line.end()
    if (error instanceof Interrupted)
      io.stderr(`Stopped after ${done.length} of ${plan.length} runs; the same command goes on\n`)
    throw error
  }
  line.end()
  return done
}

async function runStep(
  context: Context,
  operations: Operations,
  { workflow, month, key, params, slot }: WalkStep,
  { again = false, retryFailed = false }: FollowOptions,
  line: ProgressLine,
  place: { readonly done: number; readonly total: number },
): Promise<PlannedRun> {
  const since = performance.now()
  const known = again || retryFailed ? await operations.call('latest-run', { workflow, key }) : null
  const newest = again || known?.state === 'failed' ? known : null
  const request = { workflow, key, params: { ...params }, ...(slot && { slot }) }
  const { run, opened } = await operations.call('open-run', { ...request, ...(newest && { againAfter: newest.run }) })
  for (;;) {
    const { state, troubles, reason } = await operations.call('run-wait', { run, withinMs: ANSWER_WITHIN_MS })
    line.show({ run: `${month} ${workflow}`, state, ...place, steps: [], troubles })
    if (state !== 'running') {
      return { run, workflow, month, state, reason, seconds: (performance.now() - since) / 1000, opened }
    }
    context.interrupted.throwIfAborted()
  }
}
