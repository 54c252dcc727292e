import { describe, expect, it } from 'vitest'
import { steps } from '../../../functions/index.ts'
import { chainOf, outlineOf, serialKey } from '../../../shared/runtime/outline.ts'
import { createRegistry } from '../../../shared/runtime/registry.ts'

const shipped = JSON.parse(JSON.stringify(steps.map(outlineOf)))

describe('an outline', () => {
  it('says of every step, after a journey as JSON, who hears, who gathers and who opens what', () => {
    const registry = createRegistry(steps)
    const chain = chainOf(shipped)
    const names = (found: readonly { name: string }[]) => found.map(({ name }) => name)

    for (const { subject } of registry.events)
      expect(names(chain.subscribers(subject))).toEqual(names(registry.subscribers(subject)))
    for (const { on } of steps) {
      if (on.kind === 'join') expect(names(chain.joiners(on.key))).toEqual(names(registry.joiners(on.key)))
      if (on.kind === 'clock') expect(chain.opener(on.workflow).name).toBe(registry.opener(on.workflow).name)
    }
  })

  it('joins with the steps of a process to the same chain', () => {
    const own = steps.filter(({ name }) => name === 'ingestion-store-bars')
    const others = shipped.filter(({ name }: { name: string }) => name !== 'ingestion-store-bars')
    const registry = createRegistry(own, others)

    expect(
      registry
        .subscribers('ingestion.bars.validated')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['ingestion-archive-bars', 'ingestion-store-bars'])
    expect(registry.step('ingestion-archive-bars')).toBeUndefined()
    expect(() => registry.clock('ingestion')).toThrow('this process does not run it')
  })
})

describe('a serial key', () => {
  it('is what the named fields say, and none where none is named', () => {
    const serialBy = ['source', 'window.interval']
    expect(serialKey({ serialBy }, { source: 'made', window: { interval: '1d' } })).toBe('made/1d')
    expect(serialKey({ serialBy }, { source: 'made' })).toBe('made/')
    expect(serialKey({}, { source: 'made' })).toBeNull()
  })
})
