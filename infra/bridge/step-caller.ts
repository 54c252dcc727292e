import type { Logger } from 'pino'
import type { StepOutline } from '../../shared/runtime/outline.ts'
import type { CallResult, FunctionCall } from './call-function.ts'
import { type Hold, type HoldOptions, startHold } from './hold.ts'
import type { BridgeMetrics } from './metrics.ts'

export interface StepCallerParts {
  readonly call: (call: FunctionCall) => Promise<CallResult>
  readonly log: Logger
  readonly metrics: BridgeMetrics
  readonly hold: HoldOptions
}

/** Calls the function of one step, and knows whether a function answers there at all. */
export interface StepCaller {
  readonly hold: Hold
  /** An answer that is no function's begins a hold; any other lifts it. `about`: what the log says of the call. */
  call(call: Pick<FunctionCall, 'body' | 'contentType'>, about: object): Promise<CallResult>
}

/** Longer than a step may take, so that its own time limit speaks first. */
export const CALL_MARGIN_MS = 15_000

export function stepCaller(parts: StepCallerParts, step: StepOutline, url: URL): StepCaller {
  const { metrics } = parts
  const log = parts.log.child({ step: step.name })
  const hold = startHold(parts.hold)
  const timeoutMs = step.timeoutMs + CALL_MARGIN_MS

  const judge = (result: CallResult, about: object) => {
    metrics.answered(step.name, result.outcome)
    if (result.outcome === 'infrastructure') {
      const holdMs = Math.round(hold.begin(result.reason))
      metrics.paused(step.name, true)
      log.error({ ...about, reason: result.reason, holdMs }, 'held: no function answered')
      return
    }
    if (hold.reason() !== undefined) log.info('a function answers again')
    hold.lift()
    metrics.paused(step.name, false)
  }
  return {
    hold,
    async call(call, about) {
      const done = metrics.calling(step.name)
      const result = await parts.call({ ...call, url, step: step.name, timeoutMs }).finally(done)
      judge(result, about)
      return result
    },
  }
}
