import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../shared/ports/database.ts'
import { PermanentError } from '../../shared/ports/errors.ts'
import { backoffMs, describe } from '../../shared/runtime/attempt.ts'
import { BATCH_CONTENT_TYPE, type PartitionOf, partitionOf, withPlace } from '../../shared/runtime/batch.ts'
import type { StreamPlace } from '../../shared/runtime/checkpoints.ts'
import { buryUnreadable } from '../../shared/runtime/deliveries.ts'
import type { BatchStepOutline } from '../../shared/runtime/outline.ts'
import { batchSource } from '../../shared/runtime/topology.ts'
import type { OrderedReader, ReadMessage } from './bus.ts'
import type { CallResult } from './call-function.ts'
import { type Partition, partitionQueues, type QueuedItem } from './partition-queues.ts'
import { type Slots, slots } from './slots.ts'
import { stepCaller } from './step-caller.ts'
import { notePosition, readPosition } from './stream-positions.ts'
import type { Subscription, SubscriptionParts } from './subscription.ts'

export interface BatchSubscriptionParts extends SubscriptionParts {
  readonly database: Database
}

export interface BatchSubscriptionPlan {
  readonly step: BatchStepOutline
  readonly url: URL
  /** Shared by all steps that live in one function. */
  readonly functionSlots: Slots
  /** So many events wait here at most; what does not fit stays in the stream. */
  readonly mostBuffered?: number
}

const MOST_BUFFERED = 20_000
const MOST_BUFFERED_BYTES = 64_000_000
/** A batch's body, below what a function takes by the largest event. */
const MOST_BATCH_BYTES = 750_000
/** What an event's place adds to it. */
const PLACE_BYTES = 150
const NOTE_EVERY_MS = 1_000
/** A process whose clock has not ticked for so long is stuck. */
const STALL_MS = 60_000
const RETRY = { firstMs: 500, mostMs: 60_000, random: Math.random }
/** Somebody else is at work on it: a call that was given up, or another bridge's. */
const BUSY = { firstMs: 100, mostMs: 10_000, random: Math.random }
const REOPEN = { firstMs: 200, mostMs: 10_000, random: Math.random }

/**
 * Carries the events of a stream to a step that takes batches: in order within a partition, one batch of it at a time, and the partitions
 * beside each other. A partition that fails waits by itself; when the others need its room, its events are left in the stream and read
 * again. What is done with is noted in the database; the step's checkpoints absorb what is sent twice.
 */
export function startBatchSubscription(parts: BatchSubscriptionParts, plan: BatchSubscriptionPlan): Subscription {
  const { bus, database } = parts
  const { step, url, functionSlots } = plan
  const { most, waitMs } = step.on
  const source = batchSource(step.on)
  const log = parts.log.child({ step: step.name })
  const own = slots(step.concurrency)
  const caller = stepCaller(parts, step, url)
  const { hold } = caller
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  const ready = new Set<Partition>()
  let holdTimer: NodeJS.Timeout | undefined
  let reader: OrderedReader | undefined
  let catchingUp: { readonly partition: Partition; broken: boolean } | undefined
  /** The last that was read and given its place here. */
  let position: StreamPlace | undefined
  let noted: StreamPlace | undefined
  let active = performance.now()

  const queues = partitionQueues({
    mostItems: plan.mostBuffered ?? MOST_BUFFERED,
    mostBytes: MOST_BUFFERED_BYTES,
    keep: most,
    onCut(partition) {
      log.warn({ run: partition.run, partition: partition.partition }, 'events are left in the stream for now')
      if (catchingUp?.partition === partition) catchingUp.broken = true
    },
  })

  /** Decides when a partition is looked at next. */
  const consider = (partition: Partition) => {
    clearTimeout(partition.timer)
    if (partition.inFlight || stopping.signal.aborted) return
    const { items, waitUntil, leftFrom } = partition
    if (items.length === 0) {
      if (leftFrom === undefined) queues.forgetIdle(partition)
      else startCatchUp()
      return
    }
    const now = performance.now()
    const gathered = items.length >= most ? now : items[0].at + waitMs
    const dueMs = Math.max(waitUntil, gathered) - now
    const due = () => {
      ready.add(partition)
      pump()
    }
    if (dueMs > 0) partition.timer = setTimeout(due, dueMs)
    else due()
  }

  const pump = () => {
    const heldMs = hold.remainingMs()
    clearTimeout(holdTimer)
    if (stopping.signal.aborted) return
    if (heldMs > 0) {
      holdTimer = setTimeout(pump, heldMs + 1)
      return
    }
    for (const partition of ready) {
      if (own.free() === 0) return
      ready.delete(partition)
      if (partition.inFlight) continue
      partition.inFlight = true
      const work = send(partition).finally(() => {
        underWay.delete(work)
        partition.inFlight = false
        consider(partition)
        pump()
      })
      underWay.add(work)
    }
  }

  const send = async (partition: Partition): Promise<void> => {
    const free = [await own.take()]
    try {
      free.push(await functionSlots.take())
      if (hold.remainingMs() > 0 || stopping.signal.aborted) return
      const items = batchOf(partition.items, most)
      const body = Buffer.from(`[${items.map((item) => withPlace(item.text, item.stream, item.sequence)).join()}]`)
      const about = { run: partition.run, partition: partition.partition }
      settle(partition, items[0], await caller.call({ body, contentType: BATCH_CONTENT_TYPE }, about))
    } catch (error) {
      log.error({ err: error, partition: partition.partition }, 'could not be delivered')
      queues.noteFailure(partition)
      partition.waitUntil = performance.now() + backoffMs(RETRY, partition.failures)
    } finally {
      for (const give of free.reverse()) give()
    }
  }

  const settle = (partition: Partition, head: QueuedItem, result: CallResult) => {
    if (result.outcome === 'infrastructure') return
    const { outcome, reason, retryAfterMs, position = 0 } = result
    if (outcome === 'done' && position >= head.sequence) {
      partition.failures = 0
      queues.removeThrough(partition, { stream: head.stream, sequence: position })
      return
    }
    queues.noteFailure(partition)
    const waits = retryAfterMs ?? backoffMs(outcome === 'busy' ? BUSY : RETRY, partition.failures)
    partition.waitUntil = performance.now() + waits
    if (outcome === 'busy') return
    const about = { run: partition.run, partition: partition.partition, failures: partition.failures }
    log.warn({ ...about, reason, outcome, position }, 'tried again later')
  }

  /** Whose event it is; what nobody can tell of is set aside, in good time. */
  const ownerOf = async (message: ReadMessage): Promise<(PartitionOf & { readonly text: string }) | undefined> => {
    const text = Buffer.from(message.body).toString('utf8')
    try {
      return { ...partitionOf(text), text }
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error
      log.error({ sequence: message.sequence, reason: error.message }, 'set aside')
      const id = createHash('sha256').update(message.body).digest('hex')
      await buryUnreadable(database, id, step.name, message.body, error.message)
      return undefined
    }
  }

  const enqueue = (partition: Partition, { sequence, body }: ReadMessage, stream: string, text: string) => {
    queues.add(partition, { stream, sequence, text, bytes: body.length, at: performance.now() })
    // With others before it and no full batch it changes nothing.
    if (partition.items.length === 1 || partition.items.length === most) consider(partition)
  }

  const read = async () => {
    const behind = position ?? (await readPosition(database, step.name))
    reader = await bus.openOrdered(source, behind)
    const { stream } = reader
    if (stopping.signal.aborted) return reader.stop()
    if (position && position.stream !== stream) forgetLeft(stream)
    position = { stream, sequence: reader.behind }
    for await (const message of reader.messages) {
      await queues.room(stream)
      const owner = await ownerOf(message)
      if (stopping.signal.aborted) return
      if (owner) {
        const partition = queues.of(owner)
        if (partition.leftFrom === undefined) enqueue(partition, message, stream, owner.text)
      }
      position = { stream, sequence: message.sequence }
    }
  }

  /** What was left in a stream that is no more. */
  const forgetLeft = (stream: string) => {
    log.error({ before: position?.stream, stream }, 'the stream was made anew')
    if (catchingUp) catchingUp.broken = true
    for (const partition of queues.all()) {
      if (partition.leftFrom === undefined) continue
      log.error({ run: partition.run, partition: partition.partition, from: partition.leftFrom }, 'events are lost')
      partition.leftFrom = undefined
    }
  }

  const startCatchUp = () => {
    if (catchingUp || stopping.signal.aborted) return
    for (const partition of queues.all()) {
      if (partition.leftFrom === undefined || partition.items.length > 0 || partition.inFlight) continue
      const mine = { partition, broken: false }
      catchingUp = mine
      const work = catchUp(mine)
        .catch((error) => log.warn({ reason: describe(error) }, 'could not read again what was left in the stream'))
        .then(() => sleep(backoffMs(REOPEN, mine.partition.leftFrom === undefined ? 0 : 1)))
        .finally(() => {
          underWay.delete(work)
          catchingUp = undefined
          consider(partition)
          startCatchUp()
        })
      underWay.add(work)
      return
    }
  }

  /** Reads for one partition what was left in the stream, until it has come as far as the reading for all. */
  const catchUp = async (mine: { readonly partition: Partition; readonly broken: boolean }) => {
    const { partition } = mine
    if (!position || partition.leftFrom === undefined) return
    const { stream } = position
    const again = await bus.openOrdered(source, { stream, sequence: partition.leftFrom - 1 })
    const stop = () => again.stop()
    stopping.signal.addEventListener('abort', stop)
    try {
      if (again.stream !== stream) return
      for await (const message of again.messages) {
        const owner = message.sequence <= position.sequence ? await ownerOf(message) : undefined
        if (owner && owner.run === partition.run && owner.partition === partition.partition) {
          await queues.room(stream)
          if (mine.broken || stopping.signal.aborted) return
          enqueue(partition, message, stream, owner.text)
        }
        if (mine.broken || stopping.signal.aborted) return
        partition.leftFrom = message.sequence >= position.sequence ? undefined : message.sequence + 1
        if (partition.leftFrom === undefined) return
      }
    } finally {
      stopping.signal.removeEventListener('abort', stop)
      again.stop()
    }
  }

  const readOn = async () => {
    let failures = 0
    while (!stopping.signal.aborted) {
      const before = position
      try {
        await read()
      } catch (error) {
        log.warn({ reason: describe(error) }, 'the bus or the database cannot be asked')
      }
      reader?.stop()
      if (stopping.signal.aborted) break
      failures = position === before ? failures + 1 : 1
      await sleep(backoffMs(REOPEN, failures), undefined, { signal: stopping.signal }).catch(() => {})
      // Whatever is missing is made; what is merely away comes back by itself.
      await bus.ensure().catch(() => {})
    }
  }

  const note = async () => {
    if (!position) return
    const floor = { stream: position.stream, sequence: queues.floor(position) }
    if (noted?.stream === floor.stream && noted.sequence === floor.sequence) return
    await notePosition(database, step.name, floor).then(
      () => {
        noted = floor
      },
      (error) => log.warn({ reason: describe(error) }, 'how far it has come could not be noted'),
    )
  }
  const noteOn = async () => {
    while (!stopping.signal.aborted) {
      active = performance.now()
      await note()
      await sleep(NOTE_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const reading = readOn()
  const noting = noteOn()

  return {
    step: step.name,
    heldBecause: hold.reason,
    isTurning: () => performance.now() - active < STALL_MS,
    async pending() {
      if (!reader || !position) return undefined
      return { waiting: Math.max(0, (await reader.last()) - position.sequence), unacknowledged: queues.buffered() }
    },
    async stop() {
      stopping.abort()
      reader?.stop()
      clearTimeout(holdTimer)
      for (const { timer } of queues.all()) clearTimeout(timer)
      queues.close()
      await Promise.all(underWay)
      await Promise.all([reading, noting])
      await note()
    },
  }
}

/** The next of a partition: of one stream, and as many as a call may carry. */
function batchOf(items: readonly QueuedItem[], most: number): readonly QueuedItem[] {
  const [{ stream }] = items
  let bytes = 0
  const end = items.findIndex((item, i) => {
    bytes += item.bytes + PLACE_BYTES
    return i >= most || item.stream !== stream || (i > 0 && bytes > MOST_BATCH_BYTES)
  })
  return items.slice(0, end === -1 ? items.length : end)
}
