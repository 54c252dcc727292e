import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import { createRegistry } from '../../../shared/runtime/registry.ts'
import { join, customStep as step } from '../../../shared/runtime/step.ts'
import { opens } from './harness.ts'

const Made = event('toys.thing.made', z.object({ n: z.number() }))
const start = step({ name: 'toys-start', on: opens('toys'), emits: [Made], run: () => [] })
const hear = step({ name: 'toys-hear', on: Made, emits: [], run: () => [] })
const alsoHear = step({ name: 'toys-also-hear', on: Made, emits: [], run: () => [] })
const gather = step({ name: 'toys-gather', on: join('things', [Made], { deadlineMs: 1 }), emits: [], run: () => [] })

describe('a registry', () => {
  it('finds who opens, who hears and who gathers', () => {
    const registry = createRegistry([start, hear, alsoHear, gather])

    expect(registry.opener('toys')).toBe(start)
    expect(() => registry.opener('unknown')).toThrow('There is no workflow "unknown"; there are toys')
    expect(registry.subscribers('toys.thing.made')).toEqual([hear, alsoHear])
    expect(registry.subscribers('toys.thing.lost')).toEqual([])
    expect(registry.joiners('things')).toEqual([gather])
    expect(registry.event('toys.thing.made')).toBe(Made)
    expect(registry.clocks).toEqual([start])
  })

  it('refuses two steps of one name, two openers of one workflow and two schemas of one subject', () => {
    const twin = step({ name: 'toys-start', on: Made, emits: [], run: () => [] })
    const rival = step({ name: 'toys-rival', on: opens('toys'), emits: [], run: () => [] })
    const other = event('toys.thing.made', z.object({ m: z.number() }))
    const stray = step({ name: 'toys-stray', on: opens('stray'), emits: [other], run: () => [] })

    expect(() => createRegistry([start, twin])).toThrow('Two steps are called "toys-start"')
    expect(() => createRegistry([start, rival])).toThrow('Two steps open the workflow "toys"')
    expect(() => createRegistry([start, stray])).toThrow('Two events have the subject "toys.thing.made"')
  })
})
