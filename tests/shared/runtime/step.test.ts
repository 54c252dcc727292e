import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import { join, type StepContext, customStep as step } from '../../../shared/runtime/step.ts'
import { opens } from './harness.ts'

const Asked = event('toys.thing.asked', z.object({ n: z.number() }))
const Made = event('toys.thing.made', z.object({ n: z.number() }))
const Refused = event('toys.thing.refused', z.object({ why: z.string() }))
const nowhere = {} as StepContext

describe('a step', () => {
  it('hands its data and ports on and returns what it says', async () => {
    const make = step({
      name: 'toys-make',
      on: Asked,
      emits: [Made, Refused],
      run: ({ n }, { most }: { most: number }) => [n > most ? Refused.of({ why: 'too many' }) : Made.of({ n })],
    })

    expect(await make.run({ n: 1 }, { most: 2 }, nowhere)).toEqual([Made.of({ n: 1 })])
    expect(await make.run({ n: 3 }, { most: 2 }, nowhere)).toEqual([Refused.of({ why: 'too many' })])
    expect(make.room).toBe('toys')
  })

  // Checked by tsc: each line below stops compiling when the types let the mistake through.
  it('may say only what it declares', () => {
    step({
      name: 'toys-stray',
      on: Asked,
      emits: [Made],
      // @ts-expect-error Refused is not among `emits`
      run: () => [Refused.of({ why: 'undeclared' })],
    })
    step({
      name: 'toys-stray-later',
      on: Asked,
      emits: [Made],
      // @ts-expect-error nor may it come from an async step, beside a declared one
      run: async ({ n }) => [Made.of({ n }), Refused.of({ why: 'undeclared' })],
    })
    step({
      name: 'toys-silent',
      on: Asked,
      emits: [],
      // @ts-expect-error a step that declares nothing says nothing
      run: ({ n }) => [Made.of({ n })],
    })
    // @ts-expect-error the data must fit the schema
    Made.of({ m: 1 })
    step({
      name: 'toys-told',
      on: Asked,
      emits: [],
      // @ts-expect-error what wakes it types its data
      run: ({ m }) => m,
    })
  })

  it('knows the parts of its join by subject', () => {
    step({
      name: 'toys-gather',
      on: join('things', [Made], { deadlineMs: 1_000 }),
      emits: [],
      run({ parts }) {
        const n: number | undefined = parts[0]?.events['toys.thing.made'].n
        // @ts-expect-error no part brings what the join does not wait for
        parts[0]?.events['toys.thing.refused']
        return n === undefined ? [] : []
      },
    })
  })

  it('answers a thrown error as a rejection, even when it is thrown before the first await', async () => {
    const broken = step({
      name: 'toys-broken',
      on: Asked,
      emits: [],
      run() {
        throw new Error('broken')
      },
    })

    await expect(broken.run({ n: 1 }, {}, nowhere)).rejects.toThrow('broken')
  })

  it.each(['make', 'Toys-make', 'toys_make', 'toys-', 'toys--make'])('refuses the name %j', (name) => {
    expect(() => step({ name, on: opens('toys'), emits: [], run: () => [] })).toThrow(/is not <room>-<step>/)
  })
})
