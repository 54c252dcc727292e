import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import { PermanentError } from '../../../shared/ports/errors.ts'
import { withPlace } from '../../../shared/runtime/batch.ts'
import { type Batch, batches, customStep, type StepContext } from '../../../shared/runtime/step.ts'
import type { ToyPorts } from './harness.ts'

export const Tick = event('toys.tick.seen', z.object({ n: z.number(), say: z.string().optional() }), {
  ephemeral: true,
})
export const Summed = event('toys.tick.summed', z.object({ n: z.number() }), { ephemeral: true })
export const Alarmed = event('toys.alarm.raised', z.object({ n: z.number() }))

/** What a toy does besides: it may wait, or throw. */
export type Deed = (batch: Batch<{ n: number; say?: string }>, context: StepContext) => Promise<void> | void

/**
 * Notes every tick and passes it on. A tick may ask for more: `alarm` for a lasting event, `poison` for an error that never passes,
 * `elsewhere` to be passed on to another partition.
 */
export function sumStep(deed: Deed = () => {}, options: { readonly most?: number; readonly timeoutMs?: number } = {}) {
  return customStep({
    name: 'toys-sum',
    on: batches(Tick, { most: options.most ?? 100, waitMs: 10 }),
    emits: [Summed, Alarmed],
    timeoutMs: options.timeoutMs ?? 5_000,
    async run(batch, { database }: ToyPorts, context) {
      await deed(batch, context)
      await database.write('insert into toy.notes select unnest($1::text[])', [
        batch.items.map(({ data }) => String(data.n)),
      ])
      const poison = batch.items.find(({ data }) => data.say === 'poison')
      if (poison) throw new PermanentError(`Tick ${poison.data.n} is poison`)
      return batch.items.flatMap(({ data: { n, say } }) => [
        Summed.of({ n }, say === 'elsewhere' ? { partitionKey: 'elsewhere' } : {}),
        ...(say === 'alarm' ? [Alarmed.of({ n })] : []),
      ])
    },
  })
}

export const hearAlarm = customStep({
  name: 'toys-hear',
  on: Alarmed,
  emits: [],
  run: (): [] => [],
})

/** A tick as a batch carries it. */
export function tickAt(sequence: number, data: unknown, more: object = {}, stream = 'toys@1'): string {
  const text = JSON.stringify({
    specversion: '1.0',
    id: `tick-${stream}-${sequence}`,
    source: 'feed',
    type: Tick.subject,
    time: '2024-01-05T15:00:00.000Z',
    data,
    runid: 'toys:1',
    partitionkey: 'p',
    ...more,
  })
  return withPlace(text, stream, sequence)
}

export const ticks = (from: number, to: number, stream?: string) =>
  Array.from({ length: to - from + 1 }, (_, i) => tickAt(from + i, { n: from + i }, {}, stream))
