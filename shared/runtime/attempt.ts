import { inspect } from 'node:util'
import type { Logger } from 'pino'
import { JoinCompleted, RunOpened } from '../events/pipeline.ts'
import { PermanentError, UnavailableError } from '../ports/errors.ts'
import type { Publisher } from '../ports/publisher.ts'
import type { Answer } from './answer.ts'
import { commitEvents, FencedError, type SaidEvent, sayEvents } from './commit.ts'
import type { CoreParts } from './core-parts.ts'
import { bury, type Claim, type Claimed, claim, handBack, storableText } from './deliveries.ts'
import { issuesOf } from './issues.ts'
import { noteLost, readJoined } from './joins.ts'
import type { RuntimeMetrics } from './metrics.ts'
import { publishAndNote, publishEvents, type TrailRow } from './publish.ts'
import type { Registry } from './registry.ts'
import { closeRunIfOver, type RunState } from './runs.ts'
import type { Opening, Step, StepContext } from './step.ts'
import { withinTime } from './within-time.ts'

export interface AttemptParts<Ports> extends CoreParts {
  readonly registry: Registry<Ports>
  readonly ports: Ports
  readonly publisher: Publisher | undefined
  readonly log: Logger
  readonly metrics: RuntimeMetrics
  /** Names this process in leases. */
  readonly owner: string
  readonly backoff: Backoff
  /** Called when there is something new to deliver. */
  readonly onOffered: () => void
  /** Called when a run has been closed. */
  readonly onClosed?: (run: string, state: Exclude<RunState, 'running'>) => void
}

export interface Backoff {
  /** Wait before the second counted attempt; doubles from there, half of it random. */
  readonly firstMs: number
  readonly mostMs: number
  readonly random: () => number
}

export const DEFAULT_BACKOFF: Backoff = { firstMs: 1_000, mostMs: 300_000, random: Math.random }

/** Attempts may end without a word this often. */
export const MOST_LOSSES = 24

/** How much longer a lease lives than its step's timeout. */
export const LEASE_MARGIN_MS = 5_000

/**
 * Takes one delivery from claim to commit: at most one attempt holds it, its effect and its events are one transaction, and whatever
 * goes wrong leaves it to be tried again or in the dead letters with the reason. Undefined when there is no such delivery.
 */
export async function attemptKnown<Ports>(
  parts: AttemptParts<Ports>,
  step: Step<Ports>,
  eventId: string,
): Promise<Answer | undefined> {
  const started = performance.now()
  let claimed: Claim
  try {
    claimed = await claim(parts.database, eventId, step.name, parts.owner, step.timeoutMs + LEASE_MARGIN_MS)
    if (claimed.state === 'unknown') return undefined
    if (claimed.state !== 'claimed') return await notClaimed(parts, step, eventId, claimed.state)
  } catch (error) {
    if (error instanceof UnavailableError) return { outcome: 'unavailable', reason: describe(error) }
    throw error
  }
  const { delivery } = claimed
  const log = parts.log.child({ run: delivery.run, step: step.name, event: eventId, attempt: delivery.attempt })
  let answer: Answer
  try {
    refuseExhausted(delivery)
    answer = await runAndCommit(parts, step, delivery, log)
  } catch (error) {
    answer = await settleFailure(parts, step, delivery, error, log)
  }
  parts.metrics.observe(step.name, answer.outcome, (performance.now() - started) / 1000)
  return answer
}

/** As `attemptKnown`; a delivery that is not there is poison. */
export async function attempt<Ports>(parts: AttemptParts<Ports>, step: Step<Ports>, eventId: string): Promise<Answer> {
  const answer = await attemptKnown(parts, step, eventId)
  return answer ?? { outcome: 'poison', reason: `There is no delivery of ${eventId} to ${step.name}` }
}

async function notClaimed<Ports>(
  parts: AttemptParts<Ports>,
  step: Step<Ports>,
  eventId: string,
  state: Exclude<Claim['state'], 'claimed' | 'unknown'>,
): Promise<Answer> {
  switch (state) {
    case 'dead':
      return { outcome: 'poison', reason: 'This delivery is among the dead letters' }
    case 'busy':
      return { outcome: 'busy', reason: 'Claimed elsewhere' }
    case 'done':
      // The attempt that did the work may have died before it could publish.
      await publishEvents(parts, { cause: eventId, step: step.name })
      return { outcome: 'done' }
  }
}

/**
 * A step that kills its process never gets to say that it failed; the claims that took over have counted for it. A machine that is
 * switched off again and again is no fault of the step's, so the limit is far above that of failures.
 */
function refuseExhausted(delivery: Claimed): void {
  if (delivery.losses < MOST_LOSSES) return
  throw new PermanentError(
    `The last of ${delivery.losses} lost attempts ended without a word: its process died, or stalled past its lease`,
  )
}

async function runAndCommit<Ports>(
  parts: AttemptParts<Ports>,
  step: Step<Ports>,
  delivery: Claimed,
  log: Logger,
): Promise<Answer> {
  const data = await wakingData(parts, step, delivery)
  const { events, offered, woken, saidAt } = await parts.database.step(async () => {
    const drafts = await withinTime(step, (signal) => {
      const context: StepContext = {
        run: delivery.run,
        step: step.name,
        eventId: delivery.eventId,
        attempt: delivery.attempt,
        signal,
        log,
      }
      return step.run(data, parts.ports, context)
    })
    const said = sayEvents(step, delivery, drafts)
    return { events: said, ...(await commitEvents(parts, step, delivery, drafts, said)) }
  })
  log.info({ said: events.map((event) => event.subject) }, 'done')
  if (offered) parts.onOffered()
  try {
    if (woken) await publishEvents(parts, { cause: delivery.eventId, step: step.name })
    else await publishAndNote(parts, trailRows(delivery, events, saidAt))
    // With deliveries under way there is nothing to close yet.
    if (!offered) await closeRun(parts, delivery.run)
  } catch (error) {
    // The effect is committed whatever comes after it.
    log.warn({ reason: describe(error) }, 'publishing and closing are left to the sweeper')
  }
  return { outcome: 'done', run: delivery.run, events: events.map(({ id, subject }: SaidEvent) => ({ id, subject })) }
}

/** What the commit has just appended to the trail, without reading it back: most of the time between two steps is such round trips. */
function trailRows(delivery: Claimed, events: readonly SaidEvent[], saidAt: Date): TrailRow[] {
  return events.map((event) => ({
    event_id: event.id,
    run: delivery.run,
    step: delivery.subscriber,
    subject: event.subject,
    cause: delivery.eventId,
    join_key: event.join ?? null,
    part: event.part ?? null,
    partition_key: event.partitionKey ?? null,
    traceparent: delivery.traceparent ?? null,
    data: event.data,
    said_at: saidAt,
  }))
}

/** What the step is given, checked against what it declared. */
async function wakingData<Ports>(parts: AttemptParts<Ports>, step: Step<Ports>, delivery: Claimed): Promise<unknown> {
  const { on } = step
  if (on.kind === 'join') {
    JoinCompleted.schema.parse(delivery.data)
    return readJoined(parts.database, delivery.run, step.name, on)
  }
  if (on.kind === 'clock') {
    const { key, slot, params } = RunOpened.schema.parse(delivery.data)
    const parsed = on.params.safeParse(params)
    if (!parsed.success)
      throw new PermanentError(`Parameters of run ${delivery.run} are wrong: ${parsed.error.message}`)
    return { key, slot, params: parsed.data } satisfies Opening<unknown>
  }
  const parsed = on.schema.safeParse(delivery.data)
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error, 'data')
  throw new PermanentError(`${delivery.subject} ${delivery.eventId} does not fit its schema: ${issues}`)
}

/** Decides what a failure means and writes it down. If even that cannot be written, the lease runs out and the delivery comes back. */
async function settleFailure<Ports>(
  parts: AttemptParts<Ports>,
  step: Step<Ports>,
  delivery: Claimed,
  error: unknown,
  log: Logger,
): Promise<Answer> {
  const reason = describe(error)
  if (error instanceof FencedError) {
    log.warn({ reason }, 'late')
    return { outcome: 'busy', run: delivery.run, reason }
  }
  const kind = error instanceof UnavailableError ? 'unavailable' : error instanceof PermanentError ? 'poison' : 'failed'
  const failures = delivery.failures + (kind === 'failed' ? 1 : 0)
  const dead = kind === 'poison' || failures >= step.maxAttempts
  log[kind === 'unavailable' ? 'warn' : 'error']({ err: error, dead }, kind)
  const tries = kind === 'failed' ? failures : delivery.attempt - delivery.failures
  const delayMs = backoffMs(parts.backoff, tries)
  try {
    if (dead) await toDeadLetters(parts, delivery, reason, kind === 'failed')
    else {
      await handBack(parts.database, delivery, { counted: kind === 'failed', delayMs, reason })
      parts.onOffered()
    }
  } catch (unwritable) {
    log.warn({ err: unwritable }, 'the failure could not be written down; the lease will run out')
    return { outcome: 'unavailable', run: delivery.run, reason: describe(unwritable) }
  }
  const answer = { run: delivery.run, reason }
  return dead ? { ...answer, outcome: 'poison' } : { ...answer, outcome: kind, retryAfterMs: delayMs }
}

async function toDeadLetters<Ports>(
  parts: AttemptParts<Ports>,
  delivery: Claimed,
  reason: string,
  counted: boolean,
): Promise<void> {
  const woken = await parts.database.transaction(async () => {
    if (!(await bury(parts.database, delivery, reason, counted))) return false
    if (delivery.join === undefined || delivery.part === undefined) return false
    return noteLost(parts, {
      run: delivery.run,
      key: delivery.join,
      part: delivery.part,
      by: delivery.subscriber,
      reason,
    })
  })
  if (woken) await offerWoken(parts, delivery.run)
  else await closeRun(parts, delivery.run)
}

/** Tells the bus, and whoever delivers here, of the joins that a run has just completed. */
export async function offerWoken<Ports>(parts: AttemptParts<Ports>, run?: string): Promise<void> {
  parts.onOffered()
  await publishEvents(parts, { cause: undefined, step: 'pipeline', run })
}

/** Closes a run if it is over, tells who listens, and answers whether it was. */
export async function closeRun<Ports>(parts: AttemptParts<Ports>, run: string): Promise<boolean> {
  const { closed, woken } = await closeRunIfOver(parts, run)
  if (closed) {
    await publishEvents(parts, { cause: undefined, step: 'pipeline', run })
    parts.onClosed?.(run, closed)
  }
  if (woken) await offerWoken(parts, run)
  return closed !== undefined
}

/** Exponential with jitter: between half of the doubled wait and all of it. */
export function backoffMs({ firstMs, mostMs, random }: Backoff, tries: number): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.max(0, tries - 1))
  return Math.round(full * (0.5 + 0.5 * random()))
}

/** An error in a line that can be stored, its cause behind it. */
export function describe(error: unknown): string {
  return storableText(sentenceOf(error))
}

function sentenceOf(error: unknown): string {
  if (typeof error === 'string') return error
  if (!(error instanceof Error)) return inspect(error, { depth: 1, breakLength: Number.POSITIVE_INFINITY })
  const own = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`
  return error.cause instanceof Error && !own.includes(error.cause.message) ? `${own} (${error.cause.message})` : own
}
