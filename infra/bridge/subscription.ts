import { setTimeout as sleep } from 'node:timers/promises'
import type { ConsumerPlan } from '../../shared/ports/bus.ts'
import { backoffMs, describe } from '../../shared/runtime/attempt.ts'
import { type StepOutline, serialKey } from '../../shared/runtime/outline.ts'
import type { Bus, BusConsumer, BusMessage } from './bus.ts'
import type { CallResult } from './call-function.ts'
import { type Slots, slots, turns } from './slots.ts'
import { CALL_MARGIN_MS, type StepCallerParts, stepCaller } from './step-caller.ts'

export interface SubscriptionParts extends StepCallerParts {
  readonly bus: Bus
}

export interface SubscriptionPlan {
  readonly step: StepOutline
  readonly consumer: ConsumerPlan
  readonly url: URL
  /** Shared by all steps that live in one function. */
  readonly functionSlots: Slots
}

export interface Subscription {
  readonly step: string
  /** Why its consumer stands still, if it does. */
  heldBecause(): string | undefined
  /** Whether it has turned within the time that its longest call may take. */
  isTurning(): boolean
  pending(): Promise<{ waiting: number; unacknowledged: number } | undefined>
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>
}

/** One request to the bus stays open so long. */
const PULL_MS = 5_000
/** Sooner than the consumer's acknowledgement wait of 30 s, with room for two lost signs of life. */
const WORKING_EVERY_MS = 8_000
/** Beyond its longest call, a loop that has not turned for so long is stuck. */
const STALL_MARGIN_MS = 60_000
const RETRY = { firstMs: 500, mostMs: 60_000, random: Math.random }
/** Somebody else is at work on it, or its turn has not come. */
const BUSY = { firstMs: 200, mostMs: 10_000, random: Math.random }

/** Carries the events of one step from the bus to its function, a few at once, and tells the bus what became of each. */
export function startSubscription(parts: SubscriptionParts, plan: SubscriptionPlan): Subscription {
  const { bus } = parts
  const { step, consumer, url, functionSlots } = plan
  const log = parts.log.child({ step: step.name })
  const own = slots(step.concurrency)
  const caller = stepCaller(parts, step, url)
  const { hold } = caller
  const turn = turns()
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  let opened: BusConsumer | undefined
  let active = performance.now()

  const settle = (message: BusMessage, result: CallResult) => {
    if (result.outcome === 'infrastructure') return message.retry(hold.remainingMs())
    switch (result.outcome) {
      case 'done':
        return message.ack()
      case 'poison':
        log.error({ event: message.id, reason: result.reason }, 'poison')
        return message.giveUp(result.reason ?? 'poison')
      case 'busy':
        return message.retry(result.retryAfterMs ?? backoffMs(BUSY, message.redeliveries + 1))
      default:
        log.warn({ event: message.id, reason: result.reason, outcome: result.outcome }, 'tried again later')
        return message.retry(result.retryAfterMs ?? backoffMs(RETRY, message.redeliveries + 1))
    }
  }

  const deliver = async (message: BusMessage): Promise<void> => {
    const free = [await own.take()]
    const working = setInterval(() => message.stillWorking(), WORKING_EVERY_MS)
    try {
      const key = keyOf(step, message.body)
      if (key !== null) free.push(await turn(key))
      free.push(await functionSlots.take())
      const heldMs = hold.remainingMs()
      if (heldMs > 0) return message.retry(heldMs)
      settle(message, await caller.call({ body: message.body }, { event: message.id }))
    } catch (error) {
      log.error({ err: error, event: message.id }, 'could not be delivered')
      message.retry(backoffMs(RETRY, message.redeliveries + 1))
    } finally {
      clearInterval(working)
      for (const give of free.reverse()) give()
    }
  }

  const start = (message: BusMessage) => {
    // It came while this one was stopping: it is anybody's, at once.
    if (stopping.signal.aborted) return message.retry(0)
    const work = deliver(message).finally(() => underWay.delete(work))
    underWay.add(work)
  }

  const pull = async () => {
    opened ??= await bus.open(consumer)
    for await (const message of opened.next(own.free(), PULL_MS, stopping.signal)) start(message)
  }

  const loop = async () => {
    let failures = 0
    while (!stopping.signal.aborted) {
      active = performance.now()
      await own.freed()
      const heldMs = hold.remainingMs()
      if (heldMs > 0) {
        await sleep(Math.min(heldMs, PULL_MS), undefined, { signal: stopping.signal }).catch(() => {})
        continue
      }
      try {
        await pull()
        failures = 0
      } catch (error) {
        if (stopping.signal.aborted) break
        opened = undefined
        failures++
        log.warn({ reason: describe(error) }, 'the bus cannot be asked')
        await sleep(backoffMs({ firstMs: 200, mostMs: 10_000, random: Math.random }, failures), undefined, {
          signal: stopping.signal,
        }).catch(() => {})
        // Whatever is missing is made; what is merely away comes back by itself.
        await bus.ensure().catch(() => {})
      }
    }
  }
  const running = loop()

  return {
    step: step.name,
    heldBecause: hold.reason,
    isTurning: () => performance.now() - active < step.timeoutMs + CALL_MARGIN_MS + STALL_MARGIN_MS,
    async pending() {
      const { waiting, unacknowledged } = (await opened?.pending()) ?? {}
      return waiting === undefined || unacknowledged === undefined ? undefined : { waiting, unacknowledged }
    },
    async stop() {
      stopping.abort()
      await running
      await Promise.all(underWay)
    },
  }
}

/** Events that may not run side by side wait for each other here, rather than be turned away by the database again and again. */
function keyOf(step: StepOutline, body: Uint8Array): string | null {
  if (!step.serialBy) return null
  try {
    return serialKey(step, JSON.parse(Buffer.from(body).toString('utf8')).data)
  } catch {
    return null // The function will find the words.
  }
}
