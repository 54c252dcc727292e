import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import { isOlderStream, partitionOf, streamIdentity, withPlace } from '../../../shared/runtime/batch.ts'
import { outlineOf } from '../../../shared/runtime/outline.ts'
import { createRegistry } from '../../../shared/runtime/registry.ts'
import { batches, customStep, join } from '../../../shared/runtime/step.ts'
import { Alarmed, hearAlarm, Summed, sumStep, Tick } from './batch-toys.ts'

describe('an ephemeral event', () => {
  it('comes in batches only', () => {
    expect([Tick.ephemeral, Alarmed.ephemeral]).toEqual([true, false])
    expect(() => batches(Alarmed, { most: 10, waitMs: 10 })).toThrow('only ephemeral events come in batches')
    expect(() => batches(Tick, { most: 0, waitMs: 10 })).toThrow('at most 0 events')
    const common = { name: 'toys-stray', run: (): [] => [] }
    const stray = '"toys.tick.seen" is ephemeral, and toys-stray does not take it in batches'
    expect(() => customStep({ ...common, on: Tick, emits: [] })).toThrow(stray)
    expect(() => customStep({ ...common, on: join('j', [Tick], { deadlineMs: 1 }), emits: [] })).toThrow(stray)
    expect(() => customStep({ ...common, on: Alarmed, emits: [Tick] })).toThrow(stray)
  })

  it('can mean nothing for a run', () => {
    const options = { ephemeral: true, fails: () => 'why' }
    expect(() => event('toys.tick.failed', z.object({}), options)).toThrow('it leaves no trace in a run')
  })
})

describe('a step that takes batches', () => {
  it('is known by its outline, and subscribes to nothing', () => {
    const step = sumStep()
    expect(outlineOf(step as never)).toMatchObject({
      on: { kind: 'batch', subject: 'toys.tick.seen', most: 100, waitMs: 10 },
      emits: [{ subject: 'toys.tick.summed', ephemeral: true }, { subject: 'toys.alarm.raised' }],
    })
    const registry = createRegistry([step, hearAlarm])
    expect(registry.subscribers(Tick.subject)).toEqual([])
    expect(registry.event(Tick.subject)).toBe(Tick)
    expect(registry.event(Summed.subject)).toBe(Summed)
  })

  // Checked by tsc.
  it('is given the data of its event', () => {
    customStep({
      name: 'toys-typed',
      on: batches(Tick, { most: 1, waitMs: 1 }),
      emits: [Summed],
      run: ({ items, partition }) =>
        items.map(({ data, sequence }) => Summed.of({ n: data.n + sequence + partition.length })),
    })
    customStep({
      name: 'toys-mistyped',
      on: batches(Tick, { most: 1, waitMs: 1 }),
      emits: [],
      // @ts-expect-error there is no such field
      run: ({ items }) => (items[0].data.symbol ? [] : []),
    })
  })
})

describe("a stream's identity", () => {
  it('can be compared, however many digits its time has', () => {
    const times = [
      '2024-01-05T15:00:00Z',
      '2024-01-05T15:00:00.05Z',
      '2024-01-05T15:00:00.123Z',
      '2024-01-05T15:00:00.1234Z',
    ]
    const streams = times.map((time) => streamIdentity('s', time))
    for (const [i, stream] of streams.entries()) {
      for (const [j, other] of streams.entries()) expect(isOlderStream(stream, other)).toBe(i < j)
    }
    // One that has lost its end, and then has again.
    expect(isOlderStream(streams[0], `${streams[0]}+`)).toBe(true)
    expect(isOlderStream(`${streams[0]}+`, `${streams[0]}++`)).toBe(true)
    expect(isOlderStream(`${streams[0]}++`, streams[1])).toBe(true)
  })
})

describe('an event on its way to a batch', () => {
  it('belongs to a partition of a run', () => {
    const text = '{"specversion":"1.0","runid":"r","partitionkey":"p"} '
    expect(partitionOf(text)).toEqual({ run: 'r', partition: 'p' })
    expect(partitionOf('{"specversion":"1.0","runid":"r"}')).toEqual({ run: 'r', partition: '' })
    expect(JSON.parse(withPlace(text, 's@"1"', 7))).toEqual({ ...JSON.parse(text), stream: 's@"1"', streamsequence: 7 })
  })

  it.each(['', '{}', '[]', 'null', '{"specversion":"1.0"}', '{"specversion":"1.0","runid":"\\u0000"}'])(
    'or nobody can tell whose it is: %s',
    (text) => {
      expect(() => partitionOf(text)).toThrow(/^Not /)
    },
  )
})
