import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Envelope } from '../../../shared/events/envelope.ts'
import { event } from '../../../shared/events/event.ts'
import { PermanentError, UnavailableError } from '../../../shared/ports/errors.ts'
import { attempt, backoffMs, MOST_LOSSES, describe as sentence } from '../../../shared/runtime/attempt.ts'
import { type TrailRow, toEnvelope } from '../../../shared/runtime/publish.ts'
import { receiveEvent } from '../../../shared/runtime/receive.ts'
import { openRun } from '../../../shared/runtime/runs.ts'
import { serveStep } from '../../../shared/runtime/serve.ts'
import { type Step, type StepContext, customStep as step } from '../../../shared/runtime/step.ts'
import {
  call,
  coreDatabase,
  deliveries,
  drain,
  effects,
  envelope,
  expireLeases,
  leaveEffect,
  opens,
  PROVENANCE,
  runState,
  said,
  sleep,
  type ToyPorts,
  toyParts,
  toyPublisher,
  until,
} from './harness.ts'

const Asked = event('toys.thing.asked', z.object({ n: z.number() }))
const Made = event('toys.thing.made', z.object({ n: z.number() }))
const Counted = event('toys.thing.counted', z.object({ n: z.number() }))

const db = coreDatabase()

type Work = (data: { n: number }, ports: ToyPorts, context: StepContext) => Promise<void> | void

/** A step that does its work, leaves its effect and says what it made. */
const makeStep = (work: Work = () => {}, options: { timeoutMs?: number; maxAttempts?: number } = {}) =>
  step({
    name: 'toys-make',
    on: Asked,
    emits: [Made, Counted],
    ...options,
    async run(data, ports: ToyPorts, context) {
      await work(data, ports, context)
      await leaveEffect(ports, context)
      return [Made.of(data), Made.of({ n: data.n + 1 }), Counted.of({ n: 2 })]
    },
  })

const hear = step({ name: 'toys-hear', on: Made, emits: [], run: async () => [] })

/** The parts of a process and an event that waits for `toys-make`. */
async function asked(make: Step<ToyPorts>, options: Parameters<typeof toyParts>[2] = {}) {
  const parts = toyParts(db.current, [make, hear as Step<ToyPorts>], options)
  await receiveEvent(parts, make, envelope('toys.thing.asked', 'asked', { n: 1 }), PROVENANCE)
  return parts
}

describe('an attempt', () => {
  it('commits effect, events and their deliveries, and is done', async () => {
    const make = makeStep()
    const parts = await asked(make)

    const answer = await attempt(parts, make, 'asked')

    expect(answer).toMatchObject({ outcome: 'done', run: 'toys:asked' })
    expect(answer.events?.map(({ subject }) => subject)).toEqual([
      'toys.thing.made',
      'toys.thing.made',
      'toys.thing.counted',
    ])
    expect(await effects(db.current)).toMatchObject([{ step: 'toys-make', event_id: 'asked', run: 'toys:asked' }])
    expect(await said(db.current, 'toys.thing.made')).toMatchObject([
      { step: 'toys-make', cause: 'asked', run: 'toys:asked' },
      { step: 'toys-make', cause: 'asked', run: 'toys:asked' },
    ])
    expect(await deliveries(db.current, 'toys-hear')).toMatchObject([{ state: 'ready' }, { state: 'ready' }])
    expect(await deliveries(db.current, 'toys-make')).toMatchObject([{ state: 'done', attempt: 1, reason: null }])
    expect(parts.offers).toBe(1)
  })

  it('answers done the second time and does nothing', async () => {
    const make = makeStep()
    const parts = await asked(make)
    await attempt(parts, make, 'asked')

    expect(await attempt(parts, make, 'asked')).toEqual({ outcome: 'done' })
    expect(await effects(db.current)).toHaveLength(1)
  })

  it('says the same event ids the second time', async () => {
    let broken = true
    const heard: (readonly string[])[] = []
    // Fails in the very transaction that holds its events: after they were written, before they were committed.
    const make = makeStep()
    const parts = await asked(make)
    const database = {
      ...db.current,
      async write<Row extends object>(sql: string, values?: readonly unknown[]) {
        const written = await db.current.write<Row>(sql, values)
        if (!sql.includes('said as')) return written
        const rows = await db.current.read<{ event_id: string }>(
          `select event_id from pipeline.trail where cause = 'asked' order by event_id`,
        )
        heard.push(rows.map((row) => row.event_id))
        if (broken) throw new Error('died before the commit')
        return written
      },
    }

    const first = await attempt({ ...parts, database }, make, 'asked')
    broken = false
    expect(first.outcome).toBe('failed')
    expect(await said(db.current, 'toys.thing.made')).toEqual([])
    await sleep(5)
    await attempt({ ...parts, database }, make, 'asked')

    expect(heard).toHaveLength(2)
    expect(heard[0]).toHaveLength(3)
    expect(heard[1]).toEqual(heard[0])
    expect(new Set(heard[0]).size).toBe(3)
  })

  it('keeps nothing of a step that throws after its writes', async () => {
    const make = makeStep(async (_data, ports) => {
      await ports.database.write(`insert into toy.notes values ('half')`)
      throw new Error('halfway')
    })
    const parts = await asked(make)

    expect(await attempt(parts, make, 'asked')).toMatchObject({ outcome: 'failed', reason: 'halfway' })
    expect(await db.current.read('select * from toy.notes')).toEqual([])
    expect(await said(db.current, 'toys.thing.made')).toEqual([])
  })

  it.each([
    ['undeclared', { subject: 'toys.thing.lost', data: {} }, /which it does not declare/],
    ['ill-formed', { subject: 'toys.thing.made', data: { n: 'one' } }, /with wrong data/],
    ['of a join but no part', { subject: 'toys.thing.made', data: { n: 1 }, join: 'things' }, /a join but no part/],
    ['of a part but no join', { subject: 'toys.thing.made', data: { n: 1 }, part: 'A' }, /a part but no join/],
  ])('counts it as a failure to say what is %s', async (_, draft, message) => {
    const make = step({
      name: 'toys-make',
      on: Asked,
      emits: [Made],
      run: async (_data, ports: ToyPorts, context) => {
        await leaveEffect(ports, context)
        return [draft as ReturnType<typeof Made.of>]
      },
    })
    const parts = await asked(make)

    const answer = await attempt(parts, make, 'asked')

    expect(answer.outcome).toBe('failed')
    expect(answer.reason).toMatch(message)
    expect(await effects(db.current)).toEqual([])
  })
})

/** Lets somebody else do the work while an attempt is under way, as if its lease had run out. */
const overtake = (work: () => Promise<unknown>) =>
  db.current.leaveScope(async () => {
    await expireLeases(db.current)
    await work()
  })

describe('the fence', () => {
  it('lets an attempt that lost its lease write nothing', async () => {
    let takeOver = true
    const make = makeStep(async () => {
      if (!takeOver) return
      takeOver = false
      await overtake(() => attempt(other, make, 'asked'))
    })
    const parts = await asked(make)
    const other = { ...parts, owner: 'other' }

    expect(await attempt(parts, make, 'asked')).toMatchObject({ outcome: 'busy' })
    expect(await effects(db.current)).toMatchObject([{ attempt: 2 }])
    expect(await said(db.current, 'toys.thing.made')).toHaveLength(2)
    expect(await deliveries(db.current, 'toys-make')).toMatchObject([{ state: 'done', attempt: 2 }])
  })

  it('lets a failure of a late attempt change nothing', async () => {
    let takeOver = true
    const make = makeStep(async () => {
      if (!takeOver) return
      takeOver = false
      await overtake(() => attempt(other, make, 'asked'))
      throw new PermanentError('late, and wrong')
    })
    const parts = await asked(make)
    const other = { ...parts, owner: 'other' }

    await attempt(parts, make, 'asked')

    expect(await deliveries(db.current, 'toys-make')).toMatchObject([{ state: 'done', attempt: 2, reason: null }])
    expect(await runState(db.current, 'toys:asked')).toMatchObject({ state: 'running' })
  })

  it('keeps one effect when a handler outlives its timeout while a second attempt runs', async () => {
    const late: Promise<string>[] = []
    let open = () => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const make = makeStep(
      async (_data, ports, context) => {
        if (context.attempt > 1) return
        const query = async () => {
          await gate
          await ports.database.write(`insert into toy.notes values ('late')`)
        }
        late.push(query().then(String, (error: Error) => error.message))
        const read = gate.then(() => ports.database.read('select 1'))
        late.push(read.then(String, (error: Error) => error.message))
        await Promise.all(late)
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve))
      },
      { timeoutMs: 50 },
    )
    const parts = await asked(make)

    expect(await attempt(parts, make, 'asked')).toMatchObject({
      outcome: 'failed',
      reason: 'TimeoutError: toys-make did not finish within 50 ms',
    })
    const second = attempt(parts, make, 'asked')
    open()

    expect((await second).outcome).toBe('done')
    expect(await Promise.all(late)).toEqual(Array(2).fill('This step has ended: a late query was refused'))
    expect(await effects(db.current)).toMatchObject([{ attempt: 2 }])
    expect(await db.current.read('select * from toy.notes')).toEqual([])
  })

  it('rolls back what a handler wrote before its time was up', async () => {
    const make = makeStep(
      async (_data, ports, context) => {
        await ports.database.write(`insert into toy.notes values ('before')`)
        if (context.attempt === 1) await new Promise(() => {})
      },
      { timeoutMs: 50 },
    )
    const parts = await asked(make)

    expect((await attempt(parts, make, 'asked')).outcome).toBe('failed')
    expect(await db.current.read('select * from toy.notes')).toEqual([])
    await drain(parts)
    expect(await db.current.read('select * from toy.notes')).toHaveLength(1)
  })
})

describe('a failure', () => {
  it('is counted, waits, and is dead after the most attempts', async () => {
    const make = makeStep(
      () => {
        throw new TypeError('no such thing')
      },
      { maxAttempts: 3 },
    )
    const parts = await asked(make)
    const answers: string[] = []

    await drain(parts, { onAnswer: (answer) => answers.push(`${answer.outcome}: ${answer.reason}`) })

    expect(answers).toEqual([
      'failed: TypeError: no such thing',
      'failed: TypeError: no such thing',
      'poison: TypeError: no such thing',
    ])
    expect(await deliveries(db.current, 'toys-make')).toMatchObject([
      { state: 'dead', attempt: 3, failures: 3, reason: 'TypeError: no such thing' },
    ])
    expect(await runState(db.current, 'toys:asked')).toEqual({
      state: 'failed',
      reason: 'toys-make is dead: TypeError: no such thing',
    })
    expect(await attempt(parts, make, 'asked')).toMatchObject({ outcome: 'poison' })
  })

  it('waits twice as long each time, with jitter in the upper half', async () => {
    const of = (random: number) => (tries: number) =>
      backoffMs({ firstMs: 1_000, mostMs: 300_000, random: () => random }, tries)

    expect([1, 2, 3, 9, 10, 60].map(of(0))).toEqual([500, 1_000, 2_000, 128_000, 150_000, 150_000])
    expect([1, 2, 3, 9, 10, 60].map(of(1))).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000])
  })

  it('is not offered again before its wait is over, by the clock of the database', async () => {
    const make = makeStep(() => {
      throw new Error('again')
    })
    const parts = await asked(make, { backoff: { firstMs: 60_000, mostMs: 60_000, random: () => 0 } })
    await attempt(parts, make, 'asked')

    expect(await drain(parts)).toBe(0)
    const [{ wait }] = await db.current.read<{ wait: number }>(
      `select extract(epoch from next_at - now())::float8 as wait from pipeline.deliveries where subscriber = 'toys-make'`,
    )
    expect(wait).toBeGreaterThan(28)
    expect(wait).toBeLessThanOrEqual(30)
  })

  it('of something we lean on is not counted and never ends dead', async () => {
    let away = 20
    const make = makeStep(
      () => {
        if (away-- > 0) throw new UnavailableError('The provider is away')
      },
      { maxAttempts: 1 },
    )
    const parts = await asked(make)
    const outcomes = new Map<string, number>()

    await drain(parts, { onAnswer: ({ outcome }) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1) })

    expect(outcomes.get('unavailable')).toBe(20)
    expect(await deliveries(db.current, 'toys-make')).toMatchObject([{ state: 'done', attempt: 21, failures: 0 }])
  })

  it('that is permanent is dead at once, with its reason', async () => {
    const make = makeStep(() => {
      throw new PermanentError('AAPL has no price')
    })
    const parts = await asked(make)

    expect(await attempt(parts, make, 'asked')).toMatchObject({ outcome: 'poison' })
    expect(await deliveries(db.current, 'toys-make')).toMatchObject([
      { state: 'dead', attempt: 1, failures: 0, reason: 'PermanentError: AAPL has no price' },
    ])
  })

  it.each([
    ['a text', 'just text', 'just text'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an object', { code: 7 }, '{ code: 7 }'],
    ['an object without a prototype', Object.create(null), '[Object: null prototype] {}'],
    ['a symbol', Symbol('odd'), 'Symbol(odd)'],
  ])('may throw %s', async (_, thrown, reason) => {
    const make = makeStep(() => {
      throw thrown
    })
    const parts = await asked(make)

    expect(await attempt(parts, make, 'asked')).toMatchObject({ outcome: 'failed', reason })
    expect(await deliveries(db.current, 'toys-make')).toMatchObject([{ state: 'ready', failures: 1, reason }])
  })

  it('can be written down whatever its message holds', async () => {
    const make = makeStep(() => {
      throw new PermanentError(`a zero byte \u0000, half a character \ud800 and ${'much '.repeat(100_000)}`)
    })
    const parts = await asked(make)

    expect(await attempt(parts, make, 'asked')).toMatchObject({ outcome: 'poison' })
    const [dead] = await deliveries(db.current, 'toys-make')
    expect(dead).toMatchObject({ state: 'dead' })
    expect(dead.reason).toContain('a zero byte')
    expect(dead.reason!.length).toBeLessThan(10_000)
  })

  it('names its cause once', () => {
    const cause = new Error('connect ECONNREFUSED')

    expect(sentence(new UnavailableError('The provider is away', { cause }))).toBe(
      'UnavailableError: The provider is away (connect ECONNREFUSED)',
    )
    expect(sentence(new UnavailableError(`Away: ${cause.message}`, { cause }))).toBe(
      'UnavailableError: Away: connect ECONNREFUSED',
    )
  })
})

describe('an attempt that dies without a word', () => {
  it('is counted when its lease is taken over, so that a step which kills its process ends among the dead letters', async () => {
    const make = makeStep(undefined)
    const parts = await asked(make)
    const claimAndDie = async (death: number) => {
      const dying = makeStep(() => new Promise(() => {}))
      void attempt(parts, dying, 'asked')
      await until('it is claimed', async () => (await deliveries(db.current, 'toys-make'))[0].attempt === death)
      await expireLeases(db.current)
    }
    for (let death = 1; death <= MOST_LOSSES; death++) await claimAndDie(death)

    const answer = await attempt(parts, make, 'asked')

    expect(answer.outcome).toBe('poison')
    expect(answer.reason).toMatch(/last of 24 lost attempts ended without a word/)
    expect(await deliveries(db.current, 'toys-make')).toMatchObject([{ state: 'dead', failures: 0, losses: 24 }])
    expect(await runState(db.current, 'toys:asked')).toMatchObject({ state: 'failed' })
    expect(await effects(db.current)).toEqual([])
  })
})

describe('publishing', () => {
  it('happens after the commit and is noted', async () => {
    const publisher = toyPublisher()
    const make = makeStep()
    const parts = await asked(make, { publisher })

    await attempt(parts, make, 'asked')

    expect(
      publisher.published.map(({ type, source, causationid, runid }) => ({ type, source, causationid, runid })),
    ).toEqual(
      ['toys.thing.made', 'toys.thing.made', 'toys.thing.counted'].map((type) => ({
        type,
        source: 'toys-make',
        causationid: 'asked',
        runid: 'toys:asked',
      })),
    )
    const open = await db.current.read('select event_id from pipeline.trail where published_at is null')
    expect(open).toEqual([])
    // What was published from memory is what the sweeper would have read.
    const trail = await db.current.read<TrailRow>(`select * from pipeline.trail where step = 'toys-make'`)
    const byId = (events: readonly Envelope[]) => [...events].sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(byId(publisher.published)).toEqual(byId(trail.map(toEnvelope)))
  })

  it('never fails a step, and is made up for when the delivery comes again', async () => {
    const publisher = toyPublisher()
    publisher.away = true
    const make = makeStep()
    const parts = await asked(make, { publisher })

    expect((await attempt(parts, make, 'asked')).outcome).toBe('done')
    expect(publisher.published).toEqual([])
    publisher.away = false
    expect((await attempt(parts, make, 'asked')).outcome).toBe('done')
    expect(publisher.published).toHaveLength(3)
  })

  it('does not turn a committed effect into a failure when the database goes away right after', async () => {
    const publisher = toyPublisher()
    const make = makeStep(undefined, { maxAttempts: 1 })
    const parts = await asked(make, { publisher })
    const database = {
      ...db.current,
      write: async <Row extends object>(sql: string, values?: readonly unknown[]) => {
        if (sql.includes('set published_at')) throw new Error('odd trouble')
        return db.current.write<Row>(sql, values)
      },
    }

    expect((await attempt({ ...parts, database }, make, 'asked')).outcome).toBe('done')
    expect(await deliveries(db.current, 'toys-make')).toMatchObject([{ state: 'done' }])
  })
})

describe('what wakes a step', () => {
  it('is refused for good when the trail holds data that the schema no longer takes', async () => {
    const make = makeStep()
    const parts = await asked(make)
    await db.current.write(`update pipeline.trail set data = '{"n":"one"}' where event_id = 'asked'`)

    const answer = await attempt(parts, make, 'asked')

    expect(answer).toMatchObject({ outcome: 'poison' })
    expect(answer.reason).toMatch(/toys\.thing\.asked asked does not fit its schema: n: /)
  })

  it('is refused for good when the parameters of a run no longer fit', async () => {
    const start = step({ name: 'toys-start', on: opens('toys'), emits: [], run: () => [] })
    const parts = toyParts(db.current, [start as Step<ToyPorts>])
    await openRun(parts, { workflow: 'toys', key: 'k', params: {} }, PROVENANCE)
    await db.current.write(`update pipeline.trail set data = jsonb_set(data, '{params}', '{"parts":7}')`)

    await drain(parts)

    expect(await runState(db.current, 'toys:k')).toMatchObject({ state: 'failed' })
    expect((await deliveries(db.current))[0].reason).toMatch(/Parameters of run toys:k are wrong/)
  })

  it('must be a delivery that exists', async () => {
    const make = makeStep()
    const parts = await asked(make)

    expect(await attempt(parts, make, 'never-said')).toMatchObject({
      outcome: 'poison',
      reason: 'There is no delivery of never-said to toys-make',
    })
  })
})

describe('the database away', () => {
  it('is unavailable before the claim, and nothing is counted', async () => {
    const make = makeStep()
    const parts = await asked(make)
    const database = {
      ...db.current,
      write: async () => {
        throw new UnavailableError('PostgreSQL cannot be reached')
      },
    }

    expect(await attempt({ ...parts, database }, make, 'asked')).toMatchObject({ outcome: 'unavailable' })
    expect(await serveStep({ ...parts, database }, make, call('{"n":1}'))).toMatchObject({ status: 503 })
    expect(await deliveries(db.current, 'toys-make')).toMatchObject([{ state: 'ready', attempt: 0, failures: 0 }])
  })

  it('when a failure should be written down leaves the delivery to its lease', async () => {
    let away = false
    const make = makeStep(() => {
      away = true
      throw new Error('and the database is away')
    })
    const parts = await asked(make)
    const database = {
      ...db.current,
      write: async <Row extends object>(sql: string, values?: readonly unknown[]) => {
        if (away) throw new UnavailableError('PostgreSQL cannot be reached')
        return db.current.write<Row>(sql, values)
      },
    }

    expect(await attempt({ ...parts, database }, make, 'asked')).toMatchObject({ outcome: 'unavailable' })
    expect(await deliveries(db.current, 'toys-make')).toMatchObject([{ state: 'running' }])
    expect((await attempt(parts, make, 'asked')).outcome).toBe('busy')
    await expireLeases(db.current)
    expect((await attempt(parts, makeStep(), 'asked')).outcome).toBe('done')
  })
})
