import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { z } from 'zod'
import type { Envelope } from '../../../shared/events/envelope.ts'
import { type Clock, systemClock } from '../../../shared/ports/clock.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import type { Publisher, PublishOptions } from '../../../shared/ports/publisher.ts'
import type { Answer } from '../../../shared/runtime/answer.ts'
import { attempt, type Backoff } from '../../../shared/runtime/attempt.ts'
import { lastCompletedSession } from '../../../shared/runtime/clocks.ts'
import { claimable, nextClaimable } from '../../../shared/runtime/deliveries.ts'
import { runtimeMetrics } from '../../../shared/runtime/metrics.ts'
import { createRegistry } from '../../../shared/runtime/registry.ts'
import type { RunState } from '../../../shared/runtime/runs.ts'
import type { Call, EventAuth, ServeParts } from '../../../shared/runtime/serve.ts'
import { clock, type Step, type StepContext } from '../../../shared/runtime/step.ts'
import { emptyCore, openTestDatabase, prepareCore, type TestDatabase } from './test-database.ts'

/** The one port the toys need. */
export interface ToyPorts {
  readonly database: StepDatabase
}

export type ToyParts = ServeParts<ToyPorts>

export interface ToyOptions {
  readonly publisher?: Publisher
  readonly local?: boolean
  readonly owner?: string
  readonly backoff?: Backoff
  readonly auth?: EventAuth
  readonly clock?: Clock
  readonly maxBodyBytes?: number
}

/** Waits of a millisecond or two, so that nothing in a test sleeps. */
export const QUICK: Backoff = { firstMs: 1, mostMs: 2, random: () => 0.5 }

/** The database of a test file: opened once, emptied before each test. */
export function coreDatabase(connections = 8): { readonly current: StepDatabase; readonly url: string | undefined } {
  let opened: TestDatabase | undefined
  beforeAll(async () => {
    opened = await openTestDatabase(connections)
    await prepareCore(opened.database)
  })
  beforeEach(() => emptyCore(opened!.database))
  afterAll(() => opened?.drop())
  return {
    get current() {
      return opened!.database
    },
    get url() {
      return opened?.url
    },
  }
}

/** Everything around toy steps, as a process would put it together. */
export function toyParts(
  database: StepDatabase,
  steps: readonly Step<ToyPorts>[],
  options: ToyOptions = {},
): ToyParts & { offers: number } {
  const parts = {
    database,
    registry: createRegistry(steps),
    local: options.local ?? !options.publisher,
    ports: { database },
    publisher: options.publisher,
    log: pino({ level: 'silent' }),
    metrics: runtimeMetrics(),
    owner: options.owner ?? 'test',
    backoff: options.backoff ?? QUICK,
    offers: 0,
    onOffered: () => {
      parts.offers++
    },
    auth: options.auth ?? ('none' as const),
    clock: options.clock ?? systemClock,
    maxBodyBytes: options.maxBodyBytes ?? 100_000,
    codeVersion: 'test',
    configHash: 'test',
  }
  return parts
}

export interface DrainOptions {
  readonly concurrency?: number
  /** Longest wait for a delivery that is not due yet. */
  readonly patienceMs?: number
  /** Called with every answer, so that a test can count outcomes. */
  readonly onAnswer?: (answer: Answer) => void
}

/** Takes every delivery that can be claimed, and those that fall due soon, until nothing is left. */
export async function drain(parts: ToyParts, options: DrainOptions = {}): Promise<number> {
  const { concurrency = 4, patienceMs = 2_000, onAnswer } = options
  let attempts = 0
  for (;;) {
    const offers = await claimable(parts.database, 200)
    if (offers.length === 0) {
      const waitMs = await nextClaimable(parts.database)
      if (waitMs === undefined || waitMs > patienceMs) return attempts
      await sleep(Math.max(1, waitMs))
      continue
    }
    const queue = [...offers]
    const worker = async () => {
      for (let offer = queue.shift(); offer; offer = queue.shift()) {
        attempts++
        const answer = await attempt(parts, parts.registry.step(offer.subscriber)!, offer.eventId)
        onAnswer?.(answer)
      }
    }
    await Promise.all(Array.from({ length: Math.min(concurrency, offers.length) }, worker))
  }
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Waits until something is true, so that a test need not know how long it takes. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, withinMs = 10_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited ${withinMs} ms in vain until ${what}`)
    await sleep(2)
  }
}

/** Leaves one row for every time it is called: the effect that must happen once. */
export async function leaveEffect(ports: ToyPorts, context: StepContext): Promise<void> {
  await ports.database.write('insert into toy.effects (step, event_id, run, attempt) values ($1, $2, $3, $4)', [
    context.step,
    context.eventId,
    context.run,
    context.attempt,
  ])
}

/** A clock that opens a workflow of free parameters. */
export function opens(workflow: string, options: { schedule?: string; catchUp?: 'range' | 'latest' } = {}) {
  return clock({
    schedule: options.schedule ?? '0 6 * * *',
    workflow,
    calendar: 'XNYS',
    slot: lastCompletedSession,
    catchUp: options.catchUp ?? 'range',
    params: z.object({ parts: z.array(z.string()).optional(), to: z.string().optional() }).loose(),
  })
}

export const PROVENANCE = { codeVersion: 'test', configHash: 'test' }

/** A call as a template or gateway hands it over. */
export function call(body: string | Uint8Array, headers: Call['headers'] = {}): Call {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return { method: 'POST', path: '/', query: '', headers, body: bytes }
}

export function envelope(type: string, id: string, data: unknown, more: Partial<Envelope> = {}): Envelope {
  return {
    specversion: '1.0',
    id,
    source: 'outside',
    type,
    time: '2024-01-05T12:00:00.000Z',
    datacontenttype: 'application/json',
    data,
    ...more,
  }
}

/** A bus in memory that can be away. */
export function toyPublisher() {
  const bus = {
    away: false,
    refuses: (_event: Envelope): boolean => false,
    published: [] as Envelope[],
    /** Ids that were to be delivered even if the bus had had them a moment ago. */
    again: [] as string[],
    async publish(events: readonly Envelope[], options: PublishOptions = {}) {
      if (bus.away) throw new UnavailableError('The bus is away')
      const refused = events.find(bus.refuses)
      if (refused) throw new Error(`maximum payload exceeded by ${refused.id}`)
      bus.published.push(...events)
      if (options.again) bus.again.push(...events.map(({ id }) => id))
    },
  }
  return bus
}

export interface DeliveryState {
  readonly event_id: string
  readonly subscriber: string
  readonly state: string
  readonly attempt: number
  readonly failures: number
  readonly losses: number
  readonly reason: string | null
  readonly original: Buffer | null
}

export const deliveries = (database: StepDatabase, subscriber?: string) =>
  database.read<DeliveryState>(
    `select event_id, subscriber, state, attempt, failures, losses, reason, original from pipeline.deliveries
     where $1::text is null or subscriber = $1 order by subscriber, event_id`,
    [subscriber ?? null],
  )

export const effects = (database: StepDatabase, step?: string) =>
  database.read<{ step: string; event_id: string; run: string; attempt: number }>(
    'select * from toy.effects where $1::text is null or step = $1 order by step, event_id, attempt',
    [step ?? null],
  )

export const said = (database: StepDatabase, subject?: string) =>
  database.read<{ event_id: string; run: string; step: string; subject: string; data: unknown; cause: string | null }>(
    `select event_id, run, step, subject, data, cause from pipeline.trail
     where $1::text is null or subject = $1 order by said_at, subject, event_id`,
    [subject ?? null],
  )

export async function runState(
  database: StepDatabase,
  run: string,
): Promise<{ state: RunState; reason: string | null }> {
  const [row] = await database.read<{ state: RunState; reason: string | null }>(
    'select state, reason from pipeline.runs where run = $1',
    [run],
  )
  return row
}

/** Lets leases run out at once, as if their holders had been gone for long. */
export const expireLeases = (database: StepDatabase) =>
  database.write(`update pipeline.deliveries set lease_until = now() - interval '1 second' where state = 'running'`)
