import { Agent } from 'node:http'
import type { Logger } from 'pino'
import type { StepDatabase } from '../../shared/ports/database.ts'
import type { Publisher } from '../../shared/ports/publisher.ts'
import { type AttemptParts, DEFAULT_BACKOFF } from '../../shared/runtime/attempt.ts'
import { runtimeMetrics } from '../../shared/runtime/metrics.ts'
import type { BatchStepOutline, StepOutline } from '../../shared/runtime/outline.ts'
import { createRegistry } from '../../shared/runtime/registry.ts'
import type { SigningKey } from '../../shared/runtime/signature.ts'
import { sweep } from '../../shared/runtime/sweeper.ts'
import { topologyOf } from '../../shared/runtime/topology.ts'
import { addressOf, mostInFlight, type Packaging, packagedFunctions } from '../packaging/functions.ts'
import { startBatchSubscription } from './batch-subscription.ts'
import type { Bus } from './bus.ts'
import { callFunction } from './call-function.ts'
import { DEFAULT_HOLD, type HoldOptions } from './hold.ts'
import type { BridgeMetrics } from './metrics.ts'
import { slots } from './slots.ts'
import { type Subscription, startSubscription } from './subscription.ts'

export interface BridgeParts {
  readonly outlines: readonly StepOutline[]
  readonly packaging: Packaging
  /** The gateway's address; functions are at `/function/<name>` behind it. */
  readonly gateway: string
  readonly keys: readonly SigningKey[]
  readonly bus: Bus
  readonly database: StepDatabase
  readonly publisher: Publisher
  readonly log: Logger
  readonly metrics: BridgeMetrics
  readonly hold?: HoldOptions
  readonly sweepEveryMs?: number
}

/** The active part of the bridge: it exists while this process leads. */
export interface Bridge {
  readonly subscriptions: readonly Subscription[]
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>
}

const SWEEP_EVERY_MS = 60_000
const MEASURE_EVERY_MS = 15_000

/** Begins to carry events to functions, and to sweep. */
export function startBridge(parts: BridgeParts): Bridge {
  const { outlines, packaging, bus, log, metrics } = parts
  const agent = new Agent({ keepAlive: true, keepAliveMsecs: 10_000, maxSockets: Number.POSITIVE_INFINITY })
  const byName = new Map(outlines.map((step) => [step.name, step]))
  const limits = new Map(packagedFunctions(packaging, outlines).map((fn) => [fn.name, slots(mostInFlight(fn))]))
  const call = (one: Parameters<typeof callFunction>[1]) =>
    callFunction({ agent, keys: parts.keys, now: Date.now }, one)

  const placeOf = (step: StepOutline) => {
    const { fn, path } = addressOf(packaging, step)
    const url = new URL(`function/${fn}${path === '/' ? '' : path}`, parts.gateway.replace(/\/?$/, '/'))
    return { url, functionSlots: limits.get(fn) ?? slots(step.concurrency) }
  }
  const around = { bus, call, log, metrics, hold: parts.hold ?? DEFAULT_HOLD }
  const deliveries = topologyOf({ outlines }).consumers.flatMap((consumer) => {
    const step = byName.get(consumer.name)
    return step ? [startSubscription(around, { step, consumer, ...placeOf(step) })] : []
  })
  const batches = outlines
    .filter((step): step is BatchStepOutline => step.on.kind === 'batch')
    .map((step) => startBatchSubscription({ ...around, database: parts.database }, { step, ...placeOf(step) }))
  const subscriptions = [...deliveries, ...batches]

  const swept = sweeperParts(parts)
  const sweeper = everyNow(parts.sweepEveryMs ?? SWEEP_EVERY_MS, async () => {
    const { published, reoffered, deadlines, closed } = await sweep(swept)
    metrics.swept({ published, reoffered, deadlines, closed })
  })
  const measurer = everyNow(MEASURE_EVERY_MS, async () => {
    for (const subscription of subscriptions) {
      const pending = await subscription.pending().catch(() => undefined)
      if (pending) metrics.lag(subscription.step, pending.waiting, pending.unacknowledged)
    }
  })
  return {
    subscriptions,
    async stop() {
      await Promise.all([sweeper(), measurer(), ...subscriptions.map((subscription) => subscription.stop())])
      agent.destroy()
    },
  }
}

/** The sweeper runs no step: it needs the chain, the database and the bus. */
function sweeperParts({ outlines, database, publisher, log }: BridgeParts): AttemptParts<never> {
  return {
    database,
    registry: createRegistry<never>([], outlines),
    local: false,
    ports: undefined as never,
    publisher,
    log,
    metrics: runtimeMetrics(),
    owner: 'bridge',
    backoff: DEFAULT_BACKOFF,
    onOffered: () => {},
  }
}

/** Does something again and again, first at once and never twice at a time; answers how to stop and wait for its end. */
function everyNow(ms: number, work: () => Promise<void>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  const round = () => {
    running = work()
      .catch(() => {})
      .finally(() => {
        if (!stopped) timer = setTimeout(round, ms)
      })
  }
  round()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
