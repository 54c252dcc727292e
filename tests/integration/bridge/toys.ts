import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { lastCompletedSession } from '../../../shared/runtime/clocks.ts'
import { outlineOf } from '../../../shared/runtime/outline.ts'
import { clock, customStep, join, type Step } from '../../../shared/runtime/step.ts'

/** The one port of the toys. */
export interface ToyPorts {
  readonly database: StepDatabase
}

const params = z.strictObject({
  count: z.number().int().default(10),
  /** How often an attempt fails by chance. */
  failing: z.number().default(0),
  /** How long each takes. */
  ms: z.number().default(0),
  /** Whether a join waits for all of them. */
  joined: z.boolean().default(true),
})
const thing = z.object({ n: z.number(), failing: z.number(), ms: z.number() })
export const ThingAsked = event('toys.thing.asked', thing)
export const ThingMade = event('toys.thing.made', thing)
export const ThingsCounted = event('toys.things.counted', z.object({ came: z.number(), failed: z.number() }), {
  final: true,
})

/**
 * A fan-out, work that may fail, and the join of it all:
 *
 *     toys-open → thing.asked → toys-make → thing.made → toys-count (join) → things.counted
 */
const open = customStep({
  name: 'toys-open',
  on: clock({
    schedule: '0 6 * * *',
    workflow: 'toys',
    calendar: 'XNYS',
    slot: lastCompletedSession,
    catchUp: 'latest',
    params,
  }),
  emits: [ThingAsked],
  run({ params: { count, failing, ms, joined } }) {
    return Array.from({ length: count }, (_, n) =>
      ThingAsked.of({ n, failing, ms }, joined ? { join: 'things', part: String(n) } : {}),
    )
  },
})

const make = customStep({
  name: 'toys-make',
  on: ThingAsked,
  emits: [ThingMade],
  maxAttempts: 12,
  timeoutMs: 5_000,
  concurrency: 16,
  async run(data, { database }: ToyPorts, { eventId, attempt, run, signal }) {
    if (Math.random() < data.failing) throw new Error('bad luck')
    if (data.ms > 0) await new Promise((resolve) => setTimeout(resolve, data.ms))
    signal.throwIfAborted()
    // The table has no key: an effect that happens twice is two rows.
    await database.write('insert into toy.effects (step, event_id, run, attempt) values ($1, $2, $3, $4)', [
      'toys-make',
      eventId,
      run,
      attempt,
    ])
    return [ThingMade.of(data)]
  },
})

const count = customStep({
  name: 'toys-count',
  on: join('things', [ThingMade], { deadlineMs: 3_600_000 }),
  emits: [ThingsCounted],
  async run({ parts, failed }, { database }: ToyPorts, { eventId, run, attempt }) {
    await database.write('insert into toy.effects (step, event_id, run, attempt) values ($1, $2, $3, $4)', [
      'toys-count',
      eventId,
      run,
      attempt,
    ])
    return [ThingsCounted.of({ came: parts.length, failed: failed.length })]
  },
})

export const toys: readonly Step<ToyPorts>[] = [open, make, count]
export const toyOutlines = toys.map((step) => outlineOf(step as Step<never>))
