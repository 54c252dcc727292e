import { pino } from 'pino'
import { InputError, UnavailableError } from '../../shared/ports/errors.ts'
import { describe } from '../../shared/runtime/attempt.ts'
import { runtimeMetrics } from '../../shared/runtime/metrics.ts'
import { type Call, type Reply, toReply } from '../../shared/runtime/serve.ts'
import { json } from '../../shared/runtime/service.ts'
import { type FunctionShape, findDestination } from './answer-call.ts'
import { type DrainOptions, drainOnSignals } from './drain.ts'
import { goDurationMs } from './go-duration.ts'
import { type Environment, type FunctionParts, type OpenFunction, openFunction } from './open-function.ts'
import { sendReply, type TemplateHandler, toCall } from './template-call.ts'

export interface FunctionOptions extends FunctionShape, FunctionParts {}

/** What a function stands in; a test gives it another. */
export interface Surroundings {
  readonly env: Environment
  readonly signals: DrainOptions['signals']
  readonly exit: (code: number) => void
}

const DEFAULT_GRACE_MS = 5_000

/**
 * Steps as a handler for the official OpenFaaS Node template. Everything around them is opened at the first call that needs it and kept;
 * what could not be opened is answered `unavailable` and tried again with the next call. The promise never rejects: the template would
 * answer 200 for that.
 */
export function functionHandler(
  options: FunctionOptions,
  { env, signals, exit }: Surroundings = { env: process.env, signals: process, exit: process.exit },
): TemplateHandler {
  const { name, version } = options
  const log = pino({ base: { function: name, version } })
  const metrics = runtimeMetrics()
  let opening: Promise<OpenFunction> | undefined

  const open = () => {
    const attempt = opening ?? openFunction(options, env, log, metrics)
    opening = attempt
    attempt.catch(() => {
      if (opening === attempt) opening = undefined
    })
    return attempt
  }
  const drain = drainOnSignals({
    graceMs: goDurationMs(env.healthcheck_interval) ?? DEFAULT_GRACE_MS,
    close: async () => (await opening)?.close(),
    log,
    signals,
    exit,
  })

  const answer = async (call: Call): Promise<Reply> => {
    if (call.method === 'GET' && call.path === '/healthz') return json(200, { function: name, version })
    if (call.method === 'GET' && call.path === '/metrics') {
      return { status: 200, headers: { 'content-type': metrics.contentType }, body: await metrics.text() }
    }
    const destination = findDestination(options, call)
    if ('status' in destination) return destination
    let opened: OpenFunction
    try {
      opened = await open()
    } catch (error) {
      const reason = error instanceof InputError ? error.message : describe(error)
      log.error({ reason }, 'the function cannot be opened')
      return destination.refuse(reason)
    }
    try {
      return await destination.answer(opened)
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error
      log.warn({ reason: error.message }, 'unavailable')
      return destination.refuse(error.message)
    }
  }

  return (event, context) =>
    drain.track(async () => {
      let reply: Reply
      try {
        reply = await answer(toCall(event))
      } catch (error) {
        log.error({ err: error }, 'failed')
        reply = toReply({ outcome: 'failed', reason: describe(error) })
      }
      try {
        sendReply(context, reply)
      } catch (error) {
        log.error({ err: error }, 'an answer could not be sent')
      }
    })
}
