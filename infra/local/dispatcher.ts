import { type AttemptParts, attempt, describe } from '../../shared/runtime/attempt.ts'
import { claimable, nextClaimable, type Offer } from '../../shared/runtime/deliveries.ts'
import { sweep } from '../../shared/runtime/sweeper.ts'

export interface Dispatcher {
  /** There is something new to deliver. */
  wake(): void
  /** Resolves after the next time something has changed, or after a while. */
  changed(atMostMs: number): Promise<void>
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>
}

const SWEEP_EVERY_MS = 60_000
/** How long the loop sleeps at most: another process may have offered something. */
const LONGEST_SLEEP_MS = 5_000
const AFTER_FAILURE_MS = 1_000
/** So many waiting deliveries are looked at to choose from. */
const LOOK_AHEAD = 64

/**
 * Delivers straight from `pipeline.deliveries`, a few at once: what the bridge does in a cluster, in this process. Ephemeral events have
 * no deliveries, so steps that take batches are not woken here.
 */
export function startDispatcher<Ports>(parts: AttemptParts<Ports>, concurrency: number): Dispatcher {
  const inFlight = new Map<string, Promise<void>>()
  const perStep = new Map<string, number>()
  const names = parts.registry.steps.map((step) => step.name)
  const depth = new Map(names.map((name, place) => [name, place]))
  // What is furthest along goes first: a part's data is stored, and its memory free, before the next part is fetched.
  const deepestFirst = (offers: readonly Offer[]) =>
    [...offers].sort((a, b) => (depth.get(b.subscriber) ?? 0) - (depth.get(a.subscriber) ?? 0))
  let stopping = false
  let wakeUp: (() => void) | undefined
  let dirty = false
  let listeners: (() => void)[] = []

  const wake = () => {
    dirty = true
    wakeUp?.()
  }
  const tellChange = () => {
    const told = listeners
    listeners = []
    for (const listener of told) listener()
  }
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const start = (offer: Offer) => {
    const step = parts.registry.step(offer.subscriber)
    if (!step) return
    const key = `${offer.eventId} ${offer.subscriber}`
    perStep.set(step.name, (perStep.get(step.name) ?? 0) + 1)
    parts.metrics.inFlight.inc({ step: step.name })
    const work = attempt(parts, step, offer.eventId)
      .then(
        () => {},
        (error) => parts.log.warn({ step: step.name, reason: describe(error) }, 'could not be attempted'),
      )
      .finally(() => {
        inFlight.delete(key)
        perStep.set(step.name, (perStep.get(step.name) ?? 1) - 1)
        parts.metrics.inFlight.dec({ step: step.name })
        tellChange()
        wake()
      })
    inFlight.set(key, work)
  }

  const loop = async () => {
    while (!stopping) {
      dirty = false
      let sleepMs = LONGEST_SLEEP_MS
      try {
        if (inFlight.size < concurrency) {
          const offers = await claimable(parts.database, LOOK_AHEAD + inFlight.size, names)
          for (const offer of deepestFirst(offers)) {
            if (inFlight.size >= concurrency || stopping) break
            if (inFlight.has(`${offer.eventId} ${offer.subscriber}`)) continue
            const limit = parts.registry.step(offer.subscriber)?.concurrency ?? 1
            if ((perStep.get(offer.subscriber) ?? 0) < limit) start(offer)
          }
          if (inFlight.size === 0) {
            const next = await nextClaimable(parts.database)
            if (next !== undefined) sleepMs = Math.min(sleepMs, Math.max(5, next))
          }
        }
      } catch (error) {
        parts.log.warn({ reason: describe(error) }, 'the dispatcher cannot read the deliveries')
        sleepMs = AFTER_FAILURE_MS
        dirty = false
      }
      if (!dirty && !stopping) await sleep(sleepMs)
    }
  }

  const running = loop()
  const sweeper = setInterval(() => void sweep(parts), SWEEP_EVERY_MS)
  sweeper.unref()

  return {
    wake,
    changed: (atMostMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, atMostMs)
        listeners.push(() => {
          clearTimeout(timer)
          resolve()
        })
      }),
    async stop() {
      stopping = true
      clearInterval(sweeper)
      wakeUp?.()
      await running
      await Promise.all(inFlight.values())
      tellChange()
    },
  }
}
