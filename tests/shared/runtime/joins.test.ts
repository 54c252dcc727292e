import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import { PermanentError } from '../../../shared/ports/errors.ts'
import { attempt } from '../../../shared/runtime/attempt.ts'
import { claimable } from '../../../shared/runtime/deliveries.ts'
import { openRun, replayDead, retryRun } from '../../../shared/runtime/runs.ts'
import { join, type Step, customStep as step } from '../../../shared/runtime/step.ts'
import { sweep } from '../../../shared/runtime/sweeper.ts'
import {
  coreDatabase,
  deliveries,
  drain,
  effects,
  leaveEffect,
  opens,
  PROVENANCE,
  runState,
  said,
  sleep,
  type ToyPorts,
  toyParts,
} from './harness.ts'
import { toyChain, troubleAt } from './toy-chain.ts'

const db = coreDatabase()

interface GatheredData {
  revision: number
  came: string[]
  failed: string[]
  reasons: string
}

const gathered = async () => (await said(db.current, 'toys.parts.gathered')).map(({ data }) => data as GatheredData)

async function opened(options: Parameters<typeof toyChain>[0] = {}, key = 'k') {
  const chain = toyChain(options)
  const parts = toyParts(db.current, chain.steps)
  await openRun(parts, { workflow: 'toys', key, params: {} }, PROVENANCE)
  return { chain, parts }
}

/** Takes what can be claimed as long as the predicate allows it. */
async function drainOnly(parts: ReturnType<typeof toyParts>, allowed: (subscriber: string) => boolean) {
  for (;;) {
    const offers = (await claimable(db.current, 100)).filter(({ subscriber }) => allowed(subscriber))
    if (offers.length === 0) return
    for (const { eventId, subscriber } of offers) await attempt(parts, parts.registry.step(subscriber)!, eventId)
  }
}

const deadOf = async () => (await deliveries(db.current)).filter(({ state }) => state === 'dead')
const pastDeadline = () => db.current.write(`update pipeline.joins set deadline = now() - interval '1 second'`)

describe('a join', () => {
  it('wakes its step once, with all parts and their events', async () => {
    const { parts } = await opened()
    await drain(parts, { concurrency: 8 })

    expect(await gathered()).toEqual([{ revision: 1, came: ['A', 'B', 'C'], failed: [], reasons: '' }])
    expect(await effects(db.current, 'toys-gather')).toHaveLength(1)
    expect(await runState(db.current, 'toys:k')).toEqual({ state: 'ok', reason: null })
  })

  it('wakes its step once when all arrivals come at once', async () => {
    const { parts } = await opened()
    await drainOnly(parts, (subscriber) => subscriber === 'toys-start')
    const offers = await claimable(db.current, 100)
    expect(offers).toHaveLength(9)

    await Promise.all(
      offers.map(({ eventId, subscriber }) => attempt(parts, parts.registry.step(subscriber)!, eventId)),
    )

    expect(await said(db.current, 'pipeline.join.completed')).toHaveLength(1)
    expect(await deliveries(db.current, 'toys-gather')).toMatchObject([{ state: 'ready' }])
  })

  it('is not completed by the same part twice', async () => {
    const { parts } = await opened()
    await drainOnly(parts, (subscriber) => subscriber !== 'toys-right')

    expect(await said(db.current, 'pipeline.join.completed')).toEqual([])
  })

  it('says the same ids, whichever arrival is the last', async () => {
    const idsAfter = async (last: string) => {
      await db.current.write(
        'truncate pipeline.runs, pipeline.trail, pipeline.deliveries, pipeline.joins, pipeline.join_arrivals',
      )
      const { parts } = await opened()
      await drainOnly(parts, (subscriber) => subscriber !== last)
      await drain(parts)
      return (await said(db.current)).map(({ event_id }) => event_id).sort()
    }

    expect(await idsAfter('toys-left')).toEqual(await idsAfter('toys-right'))
  })

  it('tells which parts failed, and why', async () => {
    const { chain, parts } = await opened()
    chain.trouble = troubleAt(['toys-left:B']).trouble
    await drain(parts)

    expect(await gathered()).toEqual([{ revision: 1, came: ['A', 'C'], failed: ['B'], reasons: 'B: bad luck' }])
    expect(await runState(db.current, 'toys:k')).toEqual({
      state: 'partial',
      reason: '2 of 3; toys-left is dead for B: bad luck',
    })
  })

  it('loses a part at once when its delivery is poison', async () => {
    const { chain, parts } = await opened({ maxAttempts: 5 })
    chain.trouble = troubleAt(['toys-right:A'], () => new PermanentError('never')).trouble
    await drain(parts)

    expect(await gathered()).toMatchObject([{ failed: ['A'], reasons: 'A: PermanentError: never' }])
  })

  it('goes on when every part failed', async () => {
    const { chain, parts } = await opened()
    chain.trouble = troubleAt(['A', 'B', 'C'].map((part) => `toys-left:${part}`)).trouble
    await drain(parts)

    expect(await gathered()).toMatchObject([{ came: [], failed: ['A', 'B', 'C'] }])
    expect((await runState(db.current, 'toys:k')).state).toBe('failed')
  })

  it('counts a part as failed when one of its branches dies, whether the other came before or after', async () => {
    for (const [key, first] of [
      ['before', 'toys-right'],
      ['after', 'toys-left'],
    ]) {
      const { chain, parts } = await opened({}, key)
      chain.trouble = troubleAt(['toys-left:B']).trouble
      await drainOnly(parts, (subscriber) => subscriber === 'toys-start')
      await drainOnly(parts, (subscriber) => subscriber === first)
      await drain(parts)
      expect((await said(db.current, 'toys.parts.gathered')).filter(({ run }) => run === `toys:${key}`)).toMatchObject([
        { data: { came: ['A', 'C'], failed: ['B'] } },
      ])
    }
  })

  it('keeps the joins of two runs apart', async () => {
    const { chain, parts } = await opened({}, 'one')
    await openRun(parts, { workflow: 'toys', key: 'two', params: { parts: ['X'] } }, PROVENANCE)
    chain.trouble = troubleAt(['toys-left:A']).trouble
    await drain(parts)

    const of = async (run: string) => (await said(db.current, 'toys.parts.gathered')).filter((row) => row.run === run)
    expect(await of('toys:one')).toMatchObject([{ data: { came: ['B', 'C'], failed: ['A'] } }])
    expect(await of('toys:two')).toMatchObject([{ data: { came: ['X'], failed: [] } }])
  })
})

describe('the deadline of a join', () => {
  it('gives up the missing parts and wakes the step with those that came', async () => {
    const { parts } = await opened()
    await drainOnly(parts, (subscriber) => subscriber === 'toys-start')
    const [slow] = (await claimable(db.current, 100)).filter(({ subscriber }) => subscriber === 'toys-left')
    // One part is under way somewhere else for long.
    await db.current.write(
      `update pipeline.deliveries set next_at = now() + interval '1 hour' where event_id = $1 and subscriber = $2`,
      [slow.eventId, slow.subscriber],
    )
    await drain(parts)
    expect(await gathered()).toEqual([])
    expect((await sweep(parts)).deadlines).toBe(0)

    await pastDeadline()
    expect((await sweep(parts)).deadlines).toBe(1)
    await drain(parts)

    const [first] = await gathered()
    expect(first.came).toHaveLength(2)
    expect(first.reasons).toMatch(/^[ABC]: the deadline passed$/)
    expect((await runState(db.current, 'toys:k')).state).toBe('running')
  })

  it('does not shut out a part that comes late: it opens a new revision with new event ids', async () => {
    const { parts } = await opened()
    await drainOnly(parts, (subscriber) => subscriber === 'toys-start')
    await db.current.write(`
      update pipeline.deliveries set next_at = now() + interval '1 hour'
      where subscriber = 'toys-left' and event_id = (select event_id from pipeline.trail where part = 'B' and subject = 'toys.part.asked')`)
    await drain(parts)
    await pastDeadline()
    await sweep(parts)
    await drain(parts)

    await db.current.write(`update pipeline.deliveries set next_at = now() where state = 'ready'`)
    await drain(parts)

    expect(await gathered()).toEqual([
      { revision: 1, came: ['A', 'C'], failed: ['B'], reasons: 'B: the deadline passed' },
      { revision: 2, came: ['A', 'B', 'C'], failed: [], reasons: '' },
    ])
    const ids = (await said(db.current, 'toys.parts.gathered')).map(({ event_id }) => event_id)
    expect(new Set(ids).size).toBe(2)
    expect(await runState(db.current, 'toys:k')).toEqual({ state: 'ok', reason: null })
  })

  it('fires once, even for two sweepers at once', async () => {
    const { parts } = await opened()
    await drainOnly(parts, (subscriber) => subscriber !== 'toys-left')
    await pastDeadline()

    const swept = await Promise.all([sweep(parts), sweep({ ...parts, owner: 'other' })])

    expect(swept.map(({ deadlines }) => deadlines).sort()).toEqual([0, 1])
    expect(await said(db.current, 'pipeline.join.completed')).toHaveLength(1)
  })
})

describe('parts that nothing can bring any more', () => {
  it('are given up when nothing of the run is under way', async () => {
    const { parts } = await opened()
    // The step says something else for B, and the run has nothing left to do.
    const silent = step({
      name: 'toys-left',
      on: parts.registry.step('toys-left')!.on as never,
      emits: [],
      run: () => [],
    })
    await drainOnly(parts, (subscriber) => subscriber === 'toys-start')
    const [b] = await db.current.read<{ event_id: string }>(
      `select event_id from pipeline.trail where part = 'B' and subject = 'toys.part.asked'`,
    )
    await attempt(parts, silent as unknown as Step<ToyPorts>, b.event_id)
    await drain(parts)

    expect(await gathered()).toMatchObject([
      { came: ['A', 'C'], failed: ['B'], reasons: 'B: nothing of the run is under way that could bring it' },
    ])
    expect(await runState(db.current, 'toys:k')).toEqual({ state: 'partial', reason: '2 of 3' })
  })
})

describe('a dead letter that is replayed', () => {
  it('opens the join again as a new revision with new event ids, and the run ends well', async () => {
    const { chain, parts } = await opened()
    const { at, trouble } = troubleAt(['toys-left:B'])
    chain.trouble = trouble
    await drain(parts)
    at.clear()

    expect(await retryRun({ database: db.current, local: true }, 'toys:k')).toBe(1)
    expect((await runState(db.current, 'toys:k')).state).toBe('running')
    await drain(parts)

    expect(await gathered()).toEqual([
      { revision: 1, came: ['A', 'C'], failed: ['B'], reasons: 'B: bad luck' },
      { revision: 2, came: ['A', 'B', 'C'], failed: [], reasons: '' },
    ])
    const ids = (await said(db.current, 'toys.sum.noted')).map(({ event_id }) => event_id)
    expect(new Set(ids).size).toBe(2)
    expect(await runState(db.current, 'toys:k')).toEqual({ state: 'ok', reason: null })
    expect(await said(db.current, 'pipeline.run.ended')).toMatchObject([
      { data: { state: 'partial' } },
      { data: { state: 'ok' } },
    ])
  })

  it('does not open the join again while another branch of its part is dead', async () => {
    const { chain, parts } = await opened()
    const { at, trouble } = troubleAt(['toys-left:B', 'toys-right:B'])
    chain.trouble = trouble
    await drain(parts)
    at.delete('toys-left:B')

    await retryRun({ database: db.current, local: true }, 'toys:k')
    await drain(parts)
    expect(await gathered()).toHaveLength(1)
    expect((await runState(db.current, 'toys:k')).state).toBe('partial')

    at.clear()
    await retryRun({ database: db.current, local: true }, 'toys:k')
    await drain(parts)
    expect((await gathered()).map(({ revision, came }) => [revision, came.length])).toEqual([
      [1, 2],
      [2, 3],
    ])
    expect((await runState(db.current, 'toys:k')).state).toBe('ok')
  })

  it('opens the join again when its branch brings nothing to it but had failed its part', async () => {
    const { chain, parts } = await opened()
    const { at, trouble } = troubleAt(['toys-watch:B'], () => new PermanentError('bad luck'))
    chain.trouble = trouble
    // It dies while the join still waits for the others.
    await drainOnly(parts, (subscriber) => subscriber === 'toys-start' || subscriber === 'toys-watch')
    await drain(parts)
    expect(await gathered()).toMatchObject([{ revision: 1, failed: ['B'] }])
    at.clear()

    await retryRun({ database: db.current, local: true }, 'toys:k')
    await drain(parts)

    expect((await gathered()).map(({ revision, failed }) => [revision, failed])).toEqual([
      [1, ['B']],
      [2, []],
    ])
    expect((await runState(db.current, 'toys:k')).state).toBe('ok')
  })

  it('before the join is complete makes its part wait again', async () => {
    const { chain, parts } = await opened()
    const { at, trouble } = troubleAt(['toys-left:B'])
    chain.trouble = trouble
    await drainOnly(parts, (subscriber) => subscriber !== 'toys-right')
    // Its second and last attempt.
    await drainOnly(parts, (subscriber) => subscriber !== 'toys-right')
    await sleep(5)
    await drainOnly(parts, (subscriber) => subscriber !== 'toys-right')
    const dead = await deadOf()
    expect(dead).toMatchObject([{ subscriber: 'toys-left' }])
    at.clear()

    await replayDead({ database: db.current, local: true }, dead[0].event_id, dead[0].subscriber)
    await drainOnly(parts, (subscriber) => subscriber === 'toys-right')
    expect(await said(db.current, 'pipeline.join.completed')).toEqual([])
    await drain(parts)

    expect(await gathered()).toEqual([{ revision: 1, came: ['A', 'B', 'C'], failed: [], reasons: '' }])
    expect((await runState(db.current, 'toys:k')).state).toBe('ok')
  })

  it('is not kept from the join by another part that dies again further down', async () => {
    const Asked = event('toys.leg.asked', z.object({ leg: z.string() }))
    const Ready = event('toys.leg.ready', z.object({ leg: z.string() }))
    const Run = event('toys.leg.run', z.object({ leg: z.string() }))
    const Told = event('toys.legs.told', z.object({ came: z.array(z.string()), failed: z.array(z.string()) }), {
      final: true,
    })
    const unlucky = new Set(['prepare:A', 'prepare:B', 'run:B'])
    const luck = (place: string) => {
      if (unlucky.has(place)) throw new PermanentError('bad luck')
    }
    const steps = [
      step({
        name: 'toys-race',
        on: opens('race'),
        emits: [Asked],
        run: () => ['A', 'B', 'C'].map((leg) => Asked.of({ leg }, { join: 'legs', part: leg })),
      }),
      step({
        name: 'toys-prepare',
        on: Asked,
        emits: [Ready],
        run: ({ leg }) => {
          luck(`prepare:${leg}`)
          return [Ready.of({ leg })]
        },
      }),
      step({
        name: 'toys-run',
        on: Ready,
        emits: [Run],
        run: ({ leg }) => {
          luck(`run:${leg}`)
          return [Run.of({ leg })]
        },
      }),
      step({
        name: 'toys-tell',
        on: join('legs', [Run], { deadlineMs: 60_000 }),
        emits: [Told],
        run: ({ parts, failed }) => [
          Told.of({ came: parts.map(({ part }) => part), failed: failed.map(({ part }) => part) }),
        ],
      }),
    ] as Step<ToyPorts>[]
    const parts = toyParts(db.current, steps)
    await openRun(parts, { workflow: 'race', key: 'k', params: {} }, PROVENANCE)
    await drain(parts)
    unlucky.delete('prepare:A')
    unlucky.delete('prepare:B')

    // Both start again; A goes all the way, then B dies in its second step.
    await retryRun({ database: db.current, local: true }, 'race:k')
    await drainOnly(parts, (subscriber) => subscriber === 'toys-prepare')
    const ready = await db.current.read<{ event_id: string }>(
      `select event_id from pipeline.trail where subject = 'toys.leg.ready' order by part`,
    )
    for (const { event_id } of ready) await attempt(parts, parts.registry.step('toys-run')!, event_id)
    await drain(parts)

    const told = (await said(db.current, 'toys.legs.told')).map(({ data }) => data)
    expect(told[0]).toEqual({ came: ['C'], failed: ['A', 'B'] })
    expect(told.at(-1)).toEqual({ came: ['A', 'C'], failed: ['B'] })
    expect((await runState(db.current, 'race:k')).state).toBe('partial')
  })

  it('that dies again changes nothing but its reason', async () => {
    const { chain, parts } = await opened()
    chain.trouble = troubleAt(['toys-left:B']).trouble
    await drain(parts)
    chain.trouble = troubleAt(['toys-left:B'], () => new Error('still bad luck')).trouble

    await retryRun({ database: db.current, local: true }, 'toys:k')
    await drain(parts)

    expect(await gathered()).toHaveLength(1)
    expect(await runState(db.current, 'toys:k')).toEqual({
      state: 'partial',
      reason: '2 of 3; toys-left is dead for B: still bad luck',
    })
  })
})

describe('two joins in one run', () => {
  const Asked = event('toys.leg.asked', z.object({ leg: z.string() }))
  const Run = event('toys.leg.run', z.object({ leg: z.string() }))
  const HalfRun = event('toys.half.run', z.object({ half: z.string(), legs: z.array(z.string()) }))
  const AllRun = event('toys.race.run', z.object({ halves: z.array(z.string()), legs: z.number() }), { final: true })

  /** Each half is a part of the outer join and a fan-out of its own, by its own join. */
  function race() {
    const start = step({
      name: 'toys-race',
      on: opens('race'),
      emits: [Asked],
      run: () =>
        ['1', '2', '3'].flatMap((leg) =>
          ['first', 'second'].map((half) => Asked.of({ leg: `${half}-${leg}` }, { join: half, part: leg })),
        ),
    })
    const runLeg = step({
      name: 'toys-leg',
      on: Asked,
      emits: [Run],
      run: async ({ leg }, ports: ToyPorts, context) => {
        await leaveEffect(ports, context)
        return [Run.of({ leg })]
      },
    })
    const half = (name: string) =>
      step({
        name: `toys-half-${name}`,
        on: join(name, [Run], { deadlineMs: 60_000 }),
        emits: [HalfRun],
        run: ({ parts }) => [
          HalfRun.of(
            { half: name, legs: parts.map(({ events }) => events['toys.leg.run'].leg) },
            { join: 'race', part: name },
          ),
        ],
      })
    const finish = step({
      name: 'toys-finish',
      on: join('race', [HalfRun], { deadlineMs: 60_000 }),
      emits: [AllRun],
      run: ({ parts, expected }) => [
        AllRun.of({ halves: [...expected], legs: parts.flatMap(({ events }) => events['toys.half.run'].legs).length }),
      ],
    })
    return [start, runLeg, half('first'), half('second'), finish] as Step<ToyPorts>[]
  }

  it('are counted each for itself, and one can feed the other', async () => {
    const parts = toyParts(db.current, race())
    await openRun(parts, { workflow: 'race', key: 'k', params: {} }, PROVENANCE)
    await drain(parts, { concurrency: 8 })

    expect((await said(db.current, 'toys.half.run')).map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        { half: 'first', legs: ['first-1', 'first-2', 'first-3'] },
        { half: 'second', legs: ['second-1', 'second-2', 'second-3'] },
      ]),
    )
    // The last word holds both halves, in whatever steps it came to know of them.
    expect((await said(db.current, 'toys.race.run')).at(-1)?.data).toEqual({ halves: ['first', 'second'], legs: 6 })
    expect(await runState(db.current, 'race:k')).toEqual({ state: 'ok', reason: null })
  })

  it('wakes again when a later fan-out adds parts to a join that was complete', async () => {
    const parts = toyParts(db.current, race())
    await openRun(parts, { workflow: 'race', key: 'k', params: {} }, PROVENANCE)
    await drainOnly(parts, (subscriber) => subscriber === 'toys-race' || subscriber === 'toys-leg')
    await drainOnly(parts, (subscriber) => subscriber !== 'toys-half-second')
    expect(await said(db.current, 'toys.race.run')).toMatchObject([{ data: { halves: ['first'], legs: 3 } }])
    await drain(parts)

    expect((await said(db.current, 'toys.race.run')).map(({ data }) => data)).toEqual([
      { halves: ['first'], legs: 3 },
      { halves: ['first', 'second'], legs: 6 },
    ])
  })

  it('tells of the parts that a later fan-out added to a complete join, even when the last of them dies', async () => {
    const Leg = event('toys.leg.asked', z.object({ leg: z.string() }))
    const Told = event('toys.legs.told', z.object({ came: z.array(z.string()), failed: z.array(z.string()) }), {
      final: true,
    })
    const steps = [
      step({
        name: 'toys-race',
        on: opens('race'),
        emits: [Leg],
        run: () => [Leg.of({ leg: '1' }, { join: 'legs', part: '1' })],
      }),
      step({
        name: 'toys-leg',
        on: Leg,
        emits: [Run],
        maxAttempts: 1,
        run: ({ leg }) => {
          if (leg === '3') throw new Error('fell')
          return [Run.of({ leg })]
        },
      }),
      step({
        name: 'toys-more',
        on: Leg,
        emits: [Leg],
        run: ({ leg }) => (leg === '1' ? ['2', '3'].map((part) => Leg.of({ leg: part }, { join: 'legs', part })) : []),
      }),
      step({
        name: 'toys-tell',
        on: join('legs', [Run], { deadlineMs: 60_000 }),
        emits: [Told],
        run: ({ parts, failed }) => [
          Told.of({
            came: parts.map(({ events }) => events['toys.leg.run'].leg),
            failed: failed.map(({ part }) => part),
          }),
        ],
      }),
    ] as Step<ToyPorts>[]
    const parts = toyParts(db.current, steps)
    await openRun(parts, { workflow: 'race', key: 'k', params: {} }, PROVENANCE)
    await drainOnly(parts, (subscriber) => subscriber !== 'toys-more' && subscriber !== 'toys-tell')
    // The first wake waits while the fan-out grows: it must not tell of parts that have brought nothing yet.
    await drainOnly(parts, (subscriber) => subscriber === 'toys-more')
    await drainOnly(parts, (subscriber) => subscriber === 'toys-tell')
    expect((await said(db.current, 'toys.legs.told')).map(({ data }) => data)).toEqual([{ came: ['1'], failed: [] }])
    const legs = await db.current.read<{ event_id: string; part: string }>(
      `select event_id, part from pipeline.trail where subject = 'toys.leg.asked' and part <> '1' order by part`,
    )
    for (const { event_id } of legs) await attempt(parts, parts.registry.step('toys-leg')!, event_id)
    await drain(parts)

    expect((await said(db.current, 'toys.legs.told')).map(({ data }) => data)).toEqual([
      { came: ['1'], failed: [] },
      { came: ['1', '2'], failed: ['3'] },
    ])
    expect((await runState(db.current, 'race:k')).state).toBe('partial')
  })
})
