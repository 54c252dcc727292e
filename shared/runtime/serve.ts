import { createHash, randomUUID } from 'node:crypto'
import type { Clock } from '../ports/clock.ts'
import { InputError, PermanentError, UnavailableError } from '../ports/errors.ts'
import { type Answer, OUTCOME_HEADER, RETRY_HEADER, STATUS } from './answer.ts'
import { type AttemptParts, attempt, attemptKnown, describe } from './attempt.ts'
import { POSITION_HEADER } from './batch.ts'
import { buryUnreadable } from './deliveries.ts'
import { type Headers, header, readArrival } from './envelope.ts'
import { publishEvents } from './publish.ts'
import { bareEvent, receiveEvent, tick } from './receive.ts'
import { openRun, type Provenance } from './runs.ts'
import { type BatchStep, serveBatch } from './serve-batch.ts'
import { bearerOf, bearsToken, SIGNATURE_HEADER, type SigningKey, verifySignature } from './signature.ts'
import type { ClockTrigger, Step } from './step.ts'

/** An HTTP call, whoever received it: the local gateway or the function's template. */
export interface Call {
  readonly method: string
  /** Path behind the function's name, `/` when there is none. */
  readonly path: string
  readonly query: string
  readonly headers: Headers
  readonly body: Uint8Array
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** Who may wake a step. `none`: anybody who reaches it (loopback, or behind a NetworkPolicy). */
export type EventAuth = 'none' | { readonly keys: readonly SigningKey[]; readonly token: string | undefined }

export interface ServeParts<Ports> extends AttemptParts<Ports>, Provenance {
  readonly auth: EventAuth
  readonly clock: Clock
  readonly maxBodyBytes: number
}

/**
 * Everything around a step, once: authenticate, parse, validate, claim, run, commit, answer. Every answer but a refusal to authenticate
 * carries its outcome in a header; a rejected promise never answers 200.
 */
export async function serveStep<Ports>(parts: ServeParts<Ports>, step: Step<Ports>, call: Call): Promise<Reply> {
  if (!mayWake(parts, step, call)) return refusal(call)
  if (call.body.length > parts.maxBodyBytes) {
    const reason = `The body has ${call.body.length} bytes, at most ${parts.maxBodyBytes} are taken (its beginning is kept)`
    return keepPoison(parts, step, call.body.subarray(0, parts.maxBodyBytes), reason, 413)
  }
  try {
    return await deliver(parts, step, call)
  } catch (error) {
    const reason = describe(error)
    if (error instanceof InputError) return toReply({ outcome: 'poison', reason: error.message }, 400)
    if (error instanceof PermanentError) return keepPoison(parts, step, call.body, error.message, 400)
    const outcome = error instanceof UnavailableError ? 'unavailable' : 'failed'
    parts.log.error({ err: error, step: step.name }, outcome)
    return toReply({ outcome, reason })
  }
}

async function keepPoison<Ports>(
  parts: ServeParts<Ports>,
  step: Step<Ports>,
  body: Uint8Array,
  reason: string,
  status: number,
): Promise<Reply> {
  const id = createHash('sha256').update(body).digest('hex')
  try {
    await buryUnreadable(parts.database, id, step.name, body, reason)
    return toReply({ outcome: 'poison', reason }, status)
  } catch (error) {
    // What could not even be kept must come again.
    parts.log.warn({ err: error, step: step.name }, 'poison could not be kept')
    return toReply({ outcome: 'unavailable', reason: `${reason}, and it could not be kept` })
  }
}

async function deliver<Ports>(parts: ServeParts<Ports>, step: Step<Ports>, call: Call): Promise<Reply> {
  if (step.on.kind === 'batch') return deliverBatch(parts, step as BatchStep<Ports>, call)
  const arrival = readArrival(call.body, call.headers)
  if (arrival.kind === 'event') {
    const { envelope } = arrival
    // An event of ours waits for its delivery already; only one from outside has to be taken in first.
    const known = await attemptKnown(parts, step, envelope.id)
    if (known) return toReply(known)
    if (step.on.kind === 'event') await receiveEvent(parts, step, envelope, parts)
    return toReply(await attempt(parts, step, envelope.id))
  }
  const idempotencyKey = header(call.headers, 'idempotency-key')
  if (step.on.kind === 'clock') {
    const clockStep = step as Step<Ports> & { on: ClockTrigger<unknown> }
    const params = arrival.data as Record<string, unknown>
    const byHand = Object.keys(params ?? {}).length > 0 || idempotencyKey !== undefined
    const opened = byHand
      ? await openRun(parts, { workflow: step.on.workflow, key: idempotencyKey ?? randomUUID(), params }, parts)
      : await tick(parts, clockStep, parts.clock.now(), parts)
    if (!opened) return toReply({ outcome: 'done', reason: 'Nothing is due' })
    parts.onOffered()
    await publishEvents(parts, { cause: undefined, step: 'pipeline', run: opened.run })
    return toReply({ outcome: 'done', run: opened.run, reason: opened.opened ? 'opened' : `already ${opened.state}` })
  }
  const envelope = bareEvent(step, arrival.data, idempotencyKey)
  await receiveEvent(parts, step, envelope, parts)
  return toReply(await attempt(parts, step, envelope.id))
}

async function deliverBatch<Ports>(parts: ServeParts<Ports>, step: BatchStep<Ports>, call: Call): Promise<Reply> {
  const answer = await serveBatch(parts, step, call.body)
  const { headers, ...reply } = toReply(answer)
  if (answer.position === undefined) return { ...reply, headers }
  return { ...reply, headers: { ...headers, [POSITION_HEADER]: String(answer.position) } }
}

/**
 * Whether a call may wake the step: anybody's where nothing is asked for, else one with the token or a signature that fits. A bare tick is
 * anybody's: cron-connector cannot sign, and all that a tick can do is open what is due, once.
 */
export function mayWake<Ports>({ auth, clock }: ServeParts<Ports>, step: Step<Ports>, call: Call): boolean {
  if (auth === 'none') return true
  if (isTick(step, call)) return true
  if (bearsToken(header(call.headers, 'authorization'), auth.token)) return true
  return verifySignature(header(call.headers, SIGNATURE_HEADER), auth.keys, step.name, call.body, clock.now())
}

function isTick<Ports>(step: Step<Ports>, call: Call): boolean {
  const bare = call.body.length === 0 && header(call.headers, 'ce-specversion') === undefined
  return step.on.kind === 'clock' && bare && header(call.headers, 'idempotency-key') === undefined
}

function refusal(call: Call): Reply {
  const given = [header(call.headers, SIGNATURE_HEADER), bearerOf(header(call.headers, 'authorization'))]
  const found = given.some((one) => one !== undefined)
    ? 'a signature or token that does not fit'
    : 'neither signature nor token'
  const body = JSON.stringify({ error: `The call carries ${found}` })
  return {
    status: 401,
    headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer' },
    body: `${body}\n`,
  }
}

export function toReply(answer: Answer, status: number = STATUS[answer.outcome]): Reply {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      [OUTCOME_HEADER]: answer.outcome,
      ...(answer.retryAfterMs !== undefined && { [RETRY_HEADER]: String(answer.retryAfterMs) }),
    },
    body: `${JSON.stringify(answer)}\n`,
  }
}
