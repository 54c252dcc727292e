import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { instant } from '../../../shared/domain/market/session.ts'
import { event } from '../../../shared/events/event.ts'
import { PermanentError } from '../../../shared/ports/errors.ts'
import { receiveEvent, tick } from '../../../shared/runtime/receive.ts'
import { openRun } from '../../../shared/runtime/runs.ts'
import type { ClockTrigger } from '../../../shared/runtime/step.ts'
import { type Step, customStep as step } from '../../../shared/runtime/step.ts'
import {
  coreDatabase,
  deliveries,
  drain,
  effects,
  envelope,
  leaveEffect,
  opens,
  PROVENANCE,
  runState,
  said,
  type ToyPorts,
  toyParts,
} from './harness.ts'

const Asked = event('toys.thing.asked', z.object({ n: z.number(), text: z.string().optional() }))
const db = coreDatabase()
const make = step({
  name: 'toys-make',
  on: Asked,
  emits: [],
  async run(_data, ports: ToyPorts, context) {
    await leaveEffect(ports, context)
    return []
  },
})
const also = step({
  name: 'toys-also',
  on: Asked,
  emits: [],
  async run(_data, ports: ToyPorts, context) {
    await leaveEffect(ports, context)
    return []
  },
})
const opener = (catchUp: 'range' | 'latest' = 'range') =>
  step({ name: 'toys-open', on: opens('toys', { catchUp }), emits: [], run: () => [] }) as Step<ToyPorts> & {
    on: ClockTrigger<unknown>
  }
const at = (text: string) => instant(new Date(text))

describe('an event from outside', () => {
  it('has one place in the trail, one delivery and one effect, however often it comes', async () => {
    const parts = toyParts(db.current, [make])
    const outside = envelope('toys.thing.asked', 'x/1', { n: 1 }, { traceparent: 'trace' })
    await Promise.all(Array.from({ length: 10 }, () => receiveEvent(parts, make, outside, PROVENANCE)))
    await drain(parts)
    await receiveEvent(parts, make, outside, PROVENANCE)
    await drain(parts)

    expect(await said(db.current, 'toys.thing.asked')).toHaveLength(1)
    expect(await effects(db.current)).toMatchObject([{ event_id: 'x/1', run: 'toys:x_1' }])
    expect(await runState(db.current, 'toys:x_1')).toMatchObject({ state: 'ok' })
  })

  it('reaches every step that hears it, and opens its ended run again for one that comes later', async () => {
    const parts = toyParts(db.current, [make, also])
    const outside = envelope('toys.thing.asked', 'x', { n: 1 })
    await receiveEvent(parts, make, outside, PROVENANCE)
    await drain(parts)
    expect((await runState(db.current, 'toys:x')).state).toBe('ok')

    await receiveEvent(parts, also, outside, PROVENANCE)
    expect((await runState(db.current, 'toys:x')).state).toBe('running')
    await drain(parts)

    expect(await effects(db.current)).toMatchObject([{ step: 'toys-also' }, { step: 'toys-make' }])
    expect((await runState(db.current, 'toys:x')).state).toBe('ok')
  })

  it('is refused for good when the step does not hear it, when it does not fit, and when it cannot be stored', async () => {
    const parts = toyParts(db.current, [make])
    const refused = async (given: ReturnType<typeof envelope>, message: RegExp) => {
      const error = await receiveEvent(parts, make, given, PROVENANCE).catch((error) => error)
      expect(error).toBeInstanceOf(PermanentError)
      expect(error.message).toMatch(message)
    }

    await refused(envelope('toys.thing.lost', 'a', { n: 1 }), /hears toys\.thing\.asked, not "toys\.thing\.lost"/)
    await refused(envelope('toys.thing.asked', 'b', { n: 'one' }), /toys\.thing\.asked b does not fit its schema: n: /)
    await refused(envelope('toys.thing.asked', 'c', { n: 1, text: 'zero \u0000 byte' }), /cannot be stored/)
    await refused(envelope('toys.thing.asked', 'd', { n: 1, text: 'half \ud800' }), /cannot be stored/)
    await refused(envelope('toys.thing.asked', 'e\u0000', { n: 1 }), /cannot be stored/)
    expect(await deliveries(db.current)).toEqual([])
  })
})

describe('a tick', () => {
  it('opens what is due once, for doubled ticks at once on a first start', async () => {
    const open = opener()
    const parts = toyParts(db.current, [open])

    const opened = await Promise.all(
      Array.from({ length: 6 }, () => tick(parts, open, at('2024-01-10T06:00:30Z'), PROVENANCE)),
    )

    expect(opened.filter((run) => run?.opened)).toEqual([{ run: 'toys:2024-01-09', state: 'running', opened: true }])
    expect(await db.current.read('select run from pipeline.runs')).toEqual([{ run: 'toys:2024-01-09' }])
    expect(await db.current.read('select step, last_slot from pipeline.clocks')).toEqual([
      { step: 'toys-open', last_slot: '2024-01-09' },
    ])
  })

  it('doubled at once after an outage opens one range', async () => {
    const open = opener()
    const parts = toyParts(db.current, [open])
    await tick(parts, open, at('2024-01-05T06:00:00Z'), PROVENANCE)

    await Promise.all(Array.from({ length: 6 }, () => tick(parts, open, at('2024-01-12T15:00:00Z'), PROVENANCE)))

    expect(await db.current.read('select run from pipeline.runs order by run')).toEqual([
      { run: 'toys:2024-01-04' },
      { run: 'toys:2024-01-05..2024-01-11' },
    ])
    expect((await said(db.current, 'pipeline.run.opened')).at(-1)?.data).toMatchObject({
      slot: { from: '2024-01-05', to: '2024-01-11' },
    })
  })

  it('finds the run that a person opened for the same slot', async () => {
    const open = opener()
    const parts = toyParts(db.current, [open])
    await openRun(parts, { workflow: 'toys', key: '2024-01-09', params: {} }, PROVENANCE)

    expect(await tick(parts, open, at('2024-01-10T06:00:00Z'), PROVENANCE)).toMatchObject({ opened: false })
    expect(await tick(parts, open, at('2024-01-10T06:01:00Z'), PROVENANCE)).toBeUndefined()
  })

  it('is not held up by a run of the same slot that a person opened with other parameters', async () => {
    const open = opener()
    const parts = toyParts(db.current, [open])
    await openRun(parts, { workflow: 'toys', key: '2024-01-09', params: { parts: ['A'] } }, PROVENANCE)

    expect(await tick(parts, open, at('2024-01-10T06:00:00Z'), PROVENANCE)).toEqual({
      run: 'toys:2024-01-09:r2',
      state: 'running',
      opened: true,
    })
    expect(await tick(parts, open, at('2024-01-10T06:01:00Z'), PROVENANCE)).toBeUndefined()
  })
})
