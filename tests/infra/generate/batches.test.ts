import { describe, expect, it } from 'vitest'
import { functionMap } from '../../../infra/generate/function-map.ts'
import { stackFunction } from '../../../infra/generate/stack-function.ts'
import { outlineOf } from '../../../shared/runtime/outline.ts'
import { createRegistry } from '../../../shared/runtime/registry.ts'
import { batches, customStep } from '../../../shared/runtime/step.ts'
import { hearAlarm, Summed, sumStep } from '../../shared/runtime/batch-toys.ts'

const hearSums = customStep({
  name: 'toys-hear-sums',
  on: batches(Summed, { most: 5, waitMs: 7 }),
  emits: [],
  run: () => [],
})

describe('a step that takes batches', () => {
  it('is on the map, with the line that leads to it', () => {
    const map = functionMap(createRegistry([sumStep(), hearSums, hearAlarm]))
    expect(map).toContain('toys_sum -- toys.tick.summed --> toys_hear_sums')
    expect(map).toContain('batches of `toys.tick.summed` (at most 5, or after 7 ms)')
  })

  it('is called by no connector', () => {
    const outline = outlineOf(hearSums as never)
    const fn = { name: outline.name, kind: 'step' as const, steps: [outline], services: [] }
    expect(stackFunction('each', fn, '1.0.0').annotations).toBeUndefined()
  })
})
