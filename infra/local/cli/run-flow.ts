import { setTimeout as sleep } from 'node:timers/promises'
import type { RunState } from '../../../shared/runtime/runs.ts'
import type { Operations } from '../client.ts'
import type { OperationInput } from '../operations/index.ts'
import type { RunShown } from '../operations/runs.ts'
import type { Context } from './context.ts'
import { EXIT, Interrupted } from './exit.ts'
import { progressOnStderr } from './progress.ts'
import { printRun } from './run-report.ts'

export interface FlowOptions {
  /** Open a new revision of a run that exists. */
  readonly again?: boolean
  /** False: open it and leave. */
  readonly wait?: boolean
}

/** Opens a run and follows it to its end. Answers the run, or undefined when it was only opened. */
export async function openAndFollow(
  context: Context,
  operations: Operations,
  request: Omit<OperationInput<'open-run'>, 'againAfter'>,
  { again = false, wait = true }: FlowOptions = {},
): Promise<RunShown | undefined> {
  const { stderr } = context.io()
  const { workflow, key } = request
  const newest = again ? await operations.call('latest-run', { workflow, key }) : null
  const { run, state, opened } = await operations.call('open-run', {
    ...request,
    ...(newest && { againAfter: newest.run }),
  })
  if (!opened && state !== 'running') {
    const shown = await operations.call('run-show', { run })
    const settings = shown.otherSettings ? ', with other settings than now' : ''
    stderr(`Already done: ${run} ended ${state}${settings}; ${nextStep(state, run)}\n`)
    return shown
  }
  if (!opened) stderr(`${run} is under way already\n`)
  if (!wait) {
    stderr(`Opened ${run}; ${whoGoesOn(context, operations)}\n`)
    return undefined
  }
  return followRun(context, operations, run)
}

function whoGoesOn(context: Context, operations: Operations): string {
  if (context.config().work === 'elsewhere') return 'the cluster works on it'
  const owner = operations.owner()
  return owner ? `process ${owner.pid} works on it` : 'it goes on with the next command, or with "edgefund up"'
}

function nextStep(state: RunState, run: string): string {
  const again = '--again makes a new revision'
  return state === 'ok' ? again : `"edgefund runs retry ${run}" tries its dead letters again, ${again}`
}

/** Shows a run's progress until it is over. */
export async function followRun(context: Context, operations: Operations, run: string): Promise<RunShown> {
  const io = context.io()
  const line = progressOnStderr(io)
  const since = performance.now()
  try {
    for (;;) {
      const progress = await operations.call('run-progress', { run })
      if (progress.state !== 'running') break
      line.show(progress)
      // Short runs are answered at once, long ones are not asked about all the time.
      const pauseMs = Math.min(400, 40 + (performance.now() - since) / 20)
      await sleep(pauseMs, undefined, { signal: context.interrupted }).catch(() => {})
      context.interrupted.throwIfAborted()
    }
  } catch (error) {
    line.end()
    if (error instanceof Interrupted) tellOfGoingOn(context, operations, run)
    throw error
  }
  line.end()
  return operations.call('run-show', { run })
}

function tellOfGoingOn(context: Context, operations: Operations, run: string): void {
  const owner = operations.owner()
  const where = context.config().work === 'elsewhere' ? 'on the cluster' : owner && `in process ${owner.pid}`
  context
    .io()
    .stderr(
      where
        ? `${run} goes on ${where}; the same command shows it\n`
        : `Finishing the step under way (once more to stop at once). ${run} goes on with the same command\n`,
    )
}

/** Prints how a run ended and ends the verb accordingly. */
export function reportRun(context: Context, shown: RunShown | undefined): void {
  if (!shown) return
  printRun(context.io(), shown)
  context.endsWith(shown.state === 'failed' ? EXIT.failed : EXIT.ok)
}
