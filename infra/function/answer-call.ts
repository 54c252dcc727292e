import type { AllPorts } from '../../shared/runtime/ports.ts'
import { type Call, mayWake, type Reply, serveStep, toReply } from '../../shared/runtime/serve.ts'
import { json, type Service, serveService } from '../../shared/runtime/service.ts'
import type { Step } from '../../shared/runtime/step.ts'
import type { OpenFunction } from './open-function.ts'
import { tickClocks } from './tick-clocks.ts'

/** What a function answers to. */
export interface FunctionShape {
  readonly name: string
  /** `step`: one step at `/`. `room`: each step at `/<step>`. `clock`: an empty POST opens whatever is due. `service`: one service at `/`. */
  readonly kind: 'step' | 'room' | 'clock' | 'service'
  readonly steps: readonly Step<AllPorts>[]
  /** Each at `/<service>/…`, or at `/` where the function has nothing else. */
  readonly services?: readonly Service<AllPorts>[]
}

/** Where a call goes once the function is open, or what it is answered when it goes nowhere. */
export type Destination = Reply | { answer(opened: OpenFunction): Promise<Reply>; refuse(reason: string): Reply }

/** Finds what a call is for. An answer without an outcome says that this function is not the place, which harms no delivery. */
export function findDestination(shape: FunctionShape, call: Call): Destination {
  const { name, kind, steps } = shape
  const service = findService(shape, call)
  if (service) return service
  const here = kind === 'clock' ? [] : steps
  const step = here.find((one) => call.path === `/${one.name}` || (kind === 'step' && call.path === '/'))
  const ticks = kind === 'clock' && call.path === '/'
  if (!step && !ticks) {
    const error = `${name} has no ${call.path}; it has ${['/healthz', '/metrics', ...pathsOf(shape)].join(', ')}`
    return json(404, { error })
  }
  if (call.method !== 'POST') {
    const reply = json(405, { error: `${call.path} takes POST, not ${call.method}` })
    return { ...reply, headers: { ...reply.headers, allow: 'POST' } }
  }
  const refuse = (reason: string) => toReply({ outcome: 'unavailable', reason })
  if (step) return { refuse, answer: (opened) => answerStep(opened, step, call) }
  if (!isBareTick(call)) return toReply({ outcome: 'poison', reason: 'A tick of the clock carries no body' }, 400)
  return {
    refuse,
    async answer(opened) {
      await opened.requireMigrated()
      return tickClocks(opened)
    },
  }
}

async function answerStep(opened: OpenFunction, step: Step<AllPorts>, call: Call): Promise<Reply> {
  // Who may not wake the step does not get as far as the database either.
  if (mayWake(opened.serve, step, call)) await opened.requireMigrated()
  return serveStep(opened.serve, step, call)
}

function findService({ kind, steps, services = [] }: FunctionShape, call: Call): Destination | undefined {
  const [only] = services
  const alone = kind !== 'clock' && steps.length === 0 && services.length === 1
  const found = alone ? only : services.find(({ name }) => call.path.startsWith(`/${name}/`))
  if (!found) return undefined
  const path = alone ? call.path : call.path.slice(found.name.length + 1)
  return {
    answer: ({ serve }) => serveService(serve, found, { ...call, path }),
    refuse: (error) => json(503, { error }),
  }
}

function pathsOf({ kind, steps, services = [] }: FunctionShape): string[] {
  const paths = kind === 'room' ? steps.map(({ name }) => `/${name}`) : ['/']
  return [...paths, ...services.map(({ name }) => `/${name}/`)]
}

/** cron-connector sends nothing; what sends JSON for want of a body sends `{}`. */
function isBareTick({ body }: Call): boolean {
  return /^\s*(\{\s*\})?\s*$/.test(Buffer.from(body.subarray(0, 64)).toString('utf8'))
}
