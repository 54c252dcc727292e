import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { outlineOf } from '../../../shared/runtime/outline.ts'
import { batches, customStep, type Step } from '../../../shared/runtime/step.ts'

interface ToyPorts {
  readonly database: StepDatabase
}

/** `failing`: how often a batch with such a tick at its head fails by chance, after it has written. */
const tick = z.object({ n: z.number().int(), failing: z.number().optional() })
export const TickSeen = event('toys.tick.seen', tick, { ephemeral: true })
export const TickDoubled = event('toys.tick.doubled', tick, { ephemeral: true })

/** What the toys remember; it has no keys that would hide an effect that happened twice. */
export const TOY_TABLES = `
  create table toy.doubled (partition text not null, n integer not null);
  create table toy.sums (partition text primary key, sum bigint not null, count integer not null, last integer not null, in_order boolean not null)`

/**
 * Two steps in a row:
 *
 *     (feed) → tick.seen → toys-double → tick.doubled → toys-sum
 */
const double = customStep({
  name: 'toys-double',
  on: batches(TickSeen, { most: 200, waitMs: 50 }),
  emits: [TickDoubled],
  concurrency: 8,
  timeoutMs: 5_000,
  async run({ partition, items }, { database }: ToyPorts) {
    const numbers = items.map(({ data }) => data.n)
    await database.write('insert into toy.doubled (partition, n) select $1, unnest($2::integer[])', [
      partition,
      numbers,
    ])
    failSometimes(items[0].data.failing)
    return items.map(({ data }) => TickDoubled.of({ ...data, n: data.n * 2 }))
  },
})

const sum = customStep({
  name: 'toys-sum',
  on: batches(TickDoubled, { most: 200, waitMs: 50 }),
  emits: [],
  concurrency: 8,
  timeoutMs: 5_000,
  async run({ partition, items }, { database }: ToyPorts) {
    const numbers = items.map(({ data }) => data.n)
    const sorted = numbers.every((n, i) => i === 0 || n > numbers[i - 1])
    await database.write(
      `insert into toy.sums (partition, sum, count, last, in_order) values ($1, $2, $3, $4, $5)
       on conflict (partition) do update set sum = toy.sums.sum + excluded.sum, count = toy.sums.count + excluded.count,
         last = excluded.last, in_order = toy.sums.in_order and excluded.in_order and toy.sums.last < $6`,
      [partition, numbers.reduce((a, b) => a + b, 0), numbers.length, numbers.at(-1), sorted, numbers[0]],
    )
    failSometimes(items[0].data.failing)
    return []
  },
})

function failSometimes(share = 0): void {
  if (Math.random() < share) throw new Error('bad luck')
}

export const batchToys: readonly Step<ToyPorts>[] = [double, sum]
export const batchOutlines = batchToys.map((step) => outlineOf(step as Step<never>))
