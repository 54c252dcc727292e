import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import type { Envelope } from '../events/envelope.ts'
import type { EventDraft } from '../events/event.ts'
import { PermanentError, UnavailableError } from '../ports/errors.ts'
import type { Answer } from './answer.ts'
import { describe } from './attempt.ts'
import { type ArrivedBatch, type ArrivedItem, isOlderStream, readBatch } from './batch.ts'
import {
  type Checkpoint,
  type CheckpointKey,
  clearSaid,
  moveFence,
  readCheckpoint,
  type StreamPlace,
} from './checkpoints.ts'
import { commitBatch, FencedError, type Occasion, type SaidEvent, sayEvents } from './commit.ts'
import { buryUnreadable } from './deliveries.ts'
import { publishEvents } from './publish.ts'
import { publishInOrder } from './publish-in-order.ts'
import { isUnstorable } from './receive.ts'
import type { ServeParts } from './serve.ts'
import { type SiftedBatch, siftBatch } from './sift-batch.ts'
import type { BatchTrigger, Step, StepContext } from './step.ts'
import { withinTime } from './within-time.ts'

export type BatchStep<Ports> = Step<Ports> & { readonly on: BatchTrigger<unknown> }

export interface BatchAnswer extends Answer {
  /** The last place in the stream that is done with, when the outcome is `done`: taken, or set aside. It may lie before the batch's end. */
  readonly position?: number
}

/** An ephemeral event is a few hundred bytes; what no bus would take must not be committed. */
const MOST_EVENT_BYTES = 256_000

/**
 * Takes a batch from its bytes to its commit. State, events and the checkpoint are one transaction, so that each event takes effect once
 * however often it comes; what was said is noted with them and published afterwards, by the next call at the latest, before anything else
 * is done in this partition. A bad event is set aside among the dead letters, not its batch. Throws a `PermanentError` for what is no batch.
 */
export async function serveBatch<Ports>(
  parts: ServeParts<Ports>,
  step: BatchStep<Ports>,
  body: Uint8Array,
): Promise<BatchAnswer> {
  const batch = readBatch(body)
  const started = performance.now()
  const { run, partition } = batch
  const log = parts.log.child({ run, step: step.name, partition })
  const answer = await takeBatch(parts, step, batch, log).catch((error) => answerFailure(error, log))
  parts.metrics.observe(step.name, answer.outcome, (performance.now() - started) / 1000)
  return { run, ...answer }
}

function answerFailure(error: unknown, log: Logger): BatchAnswer {
  const reason = describe(error)
  if (error instanceof FencedError) {
    log.warn({ reason }, 'late')
    return { outcome: 'busy', reason }
  }
  const outcome = error instanceof UnavailableError ? 'unavailable' : 'failed'
  log[outcome === 'failed' ? 'error' : 'warn']({ err: error }, outcome)
  return { outcome, reason }
}

async function takeBatch<Ports>(
  parts: ServeParts<Ports>,
  step: BatchStep<Ports>,
  batch: ArrivedBatch,
  log: Logger,
): Promise<BatchAnswer> {
  const key: CheckpointKey = { run: batch.run, step: step.name, partition: batch.partition }
  const from = await readCheckpoint(parts.database, key)
  if (from.place && from.said.length > 0) await publishSaid(parts, key, from.place, from.said)
  const fresh = freshItems(batch, from.place)
  const [{ sequence: last }] = batch.items.slice(-1)
  if (fresh.length === 0) {
    const position = from.place?.stream === batch.stream ? Math.max(from.place.sequence, last) : last
    return { outcome: 'done', position, reason: 'Done before' }
  }
  const taken = await takeMost(fresh, (items) => takeItems({ parts, step, batch, from, key, log }, items))
  log.info({ position: taken.position, said: taken.said.length }, 'done')
  if (taken.said.length > 0)
    await publishSaid(parts, key, { stream: batch.stream, sequence: taken.position }, taken.said)
  return { outcome: 'done', position: taken.position, events: taken.events.map(({ id, subject }) => ({ id, subject })) }
}

/** What lies behind the checkpoint. Nothing of a stream that was there before the checkpoint's: that one is gone. */
function freshItems({ stream, items }: ArrivedBatch, place: StreamPlace | undefined): readonly ArrivedItem[] {
  if (place?.stream === stream) return items.filter(({ sequence }) => sequence > place.sequence)
  return place && isOlderStream(stream, place.stream) ? [] : items
}

/** Tries all, and half as many for as long as some of them can never succeed; the one that is left then is set aside for its reason. */
async function takeMost<T>(
  items: readonly ArrivedItem[],
  take: (items: readonly ArrivedItem[]) => Promise<T>,
): Promise<T> {
  let some = items
  for (;;) {
    try {
      return await take(some)
    } catch (error) {
      if (!(error instanceof PermanentError || isUnstorable(error))) throw error
      const [first] = some
      if (some.length === 1) return await take([{ ...first, reason: describe(error) }])
      some = some.slice(0, Math.ceil(some.length / 2))
    }
  }
}

interface Taking<Ports> {
  readonly parts: ServeParts<Ports>
  readonly step: BatchStep<Ports>
  readonly batch: ArrivedBatch
  readonly from: Checkpoint
  readonly key: CheckpointKey
  readonly log: Logger
}

interface Taken {
  readonly position: number
  /** Ephemeral events, committed and still to be published. */
  readonly said: readonly Envelope[]
  /** Events in the trail. */
  readonly events: readonly SaidEvent[]
}

/** The effect of some events and everything that goes with it, in one transaction. */
async function takeItems<Ports>(taking: Taking<Ports>, items: readonly ArrivedItem[]): Promise<Taken> {
  const { parts, step, batch, from, key, log } = taking
  const { database } = parts
  const sifted = siftBatch(step, items, from.heard)
  const [{ sequence: position }] = items.slice(-1)
  const occasion: Occasion = {
    run: batch.run,
    eventId: sifted.good[0]?.id ?? `${batch.stream}/${position}`,
    partitionKey: batch.partition || undefined,
  }
  const { said, events, offered } = await database.step(async () => {
    const drafts = await runStep(taking, sifted, occasion.eventId)
    const all = sayEvents(step, occasion, drafts, { within: batch.partition, after: from.saidCount })
    const fleeting = all.map(({ subject }) => isEphemeral(step, subject))
    const said = all.flatMap((event, i) => (fleeting[i] ? [toEnvelope(taking, occasion, event, i)] : []))
    const events = all.filter((_, i) => !fleeting[i])
    await setAside(taking, sifted)
    const to = {
      place: { stream: batch.stream, sequence: position },
      heard: sifted.heard,
      saidCount: from.saidCount + all.length,
      said,
    }
    const lasting = drafts.filter((_, i) => !fleeting[i])
    return {
      said,
      events,
      ...(await commitBatch(parts, step, occasion, lasting, events, moveFence(key, from, to))),
    }
  })
  if (offered) parts.onOffered()
  if (events.length > 0) {
    await publishEvents(parts, { cause: occasion.eventId, step: step.name }).catch((error) =>
      log.warn({ reason: describe(error) }, 'publishing what is in the trail is left to the sweeper'),
    )
  }
  return { position, said, events }
}

/** Nothing is run for nothing: events that were all heard before, or are all bad, only move the checkpoint. */
async function runStep<Ports>(
  { parts, step, batch, log }: Taking<Ports>,
  { good }: SiftedBatch,
  eventId: string,
): Promise<readonly EventDraft[]> {
  if (good.length === 0) return []
  const { run, partition } = batch
  const items = good.map(({ sequence, time, data }) => ({ sequence, time, data }))
  return withinTime(step, (signal) => {
    const context: StepContext = { run, step: step.name, eventId, attempt: 1, signal, log }
    return step.run({ run, partition, items }, parts.ports, context)
  })
}

async function setAside<Ports>({ parts, step, log }: Taking<Ports>, { bad }: SiftedBatch): Promise<void> {
  for (const { sequence, original, reason } of bad) {
    log.error({ sequence, reason }, 'set aside')
    const bytes = Buffer.from(original)
    await buryUnreadable(parts.database, createHash('sha256').update(bytes).digest('hex'), step.name, bytes, reason)
  }
}

function isEphemeral({ emits }: Pick<Step, 'emits'>, subject: string): boolean {
  return emits.some((type) => type.ephemeral && type.subject === subject)
}

function toEnvelope<Ports>(
  { parts, step, batch, from }: Taking<Ports>,
  { eventId }: Occasion,
  { id, subject, data, partitionKey }: SaidEvent,
  place: number,
): Envelope {
  const envelope: Envelope = {
    specversion: '1.0',
    id,
    source: step.name,
    type: subject,
    time: new Date(parts.clock.now()).toISOString(),
    datacontenttype: 'application/json',
    data,
    runid: batch.run,
    causationid: eventId,
    ...(partitionKey !== undefined && { partitionkey: partitionKey }),
    // Each of our partitions counts for itself, and several may speak to one of the listener's.
    producer: `${step.name}/${batch.partition}`,
    sequence: from.saidCount + 1 + place,
  }
  const bytes = Buffer.byteLength(JSON.stringify(envelope))
  if (bytes <= MOST_EVENT_BYTES) return envelope
  throw new Error(
    `${step.name} said "${subject}" in ${bytes} bytes; an ephemeral event has ${MOST_EVENT_BYTES} at most`,
  )
}

/** Gives the bus what was committed, then notes that it has it. */
async function publishSaid<Ports>(
  { database, publisher }: ServeParts<Ports>,
  key: CheckpointKey,
  place: StreamPlace,
  said: readonly Envelope[],
): Promise<void> {
  if (!publisher) throw new UnavailableError(`There is no bus to carry what ${key.step} said`)
  await publishInOrder(publisher, said)
  await clearSaid(database, key, place)
}
