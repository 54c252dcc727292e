import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import { attempt } from '../../../shared/runtime/attempt.ts'
import { receiveEvent } from '../../../shared/runtime/receive.ts'
import { openRun } from '../../../shared/runtime/runs.ts'
import { type Step, customStep as step } from '../../../shared/runtime/step.ts'
import { sweep } from '../../../shared/runtime/sweeper.ts'
import {
  coreDatabase,
  drain,
  envelope,
  PROVENANCE,
  runState,
  said,
  type ToyPorts,
  toyParts,
  toyPublisher,
} from './harness.ts'
import { toyChain } from './toy-chain.ts'

const Asked = event('toys.thing.asked', z.object({ n: z.number() }))
const Made = event('toys.thing.made', z.object({ n: z.number() }))
const db = coreDatabase()
const make = step({
  name: 'toys-make',
  on: Asked,
  emits: [Made],
  run: ({ n }) => Array.from({ length: 3 }, (_, i) => Made.of({ n: n + i })),
}) as Step<ToyPorts>
const hear = step({ name: 'toys-hear', on: Made, emits: [], run: () => [] }) as Step<ToyPorts>

/** As if everything had happened a while ago. */
const age = (interval: string) =>
  db.current.write(`
    with trail as (update pipeline.trail set said_at = said_at - interval '${interval}')
    update pipeline.deliveries set offered_at = offered_at - interval '${interval}', next_at = next_at - interval '${interval}',
                                   lease_until = lease_until - interval '${interval}'`)

async function unpublished() {
  const publisher = toyPublisher()
  publisher.away = true
  const parts = toyParts(db.current, [make, hear], { publisher })
  await receiveEvent(parts, make, envelope('toys.thing.asked', 'asked', { n: 1 }), PROVENANCE)
  await attempt(parts, make, 'asked')
  return { publisher, parts }
}

describe('the sweeper', () => {
  it('publishes what is left over, once the bus is back, in the order it was said', async () => {
    const { publisher, parts } = await unpublished()
    await age('11 seconds')

    expect(await sweep(parts)).toMatchObject({ published: 0 })
    publisher.away = false
    expect(await sweep(parts)).toMatchObject({ published: 3 })
    expect(await sweep(parts)).toMatchObject({ published: 0 })
    expect(publisher.published.map(({ type }) => type)).toEqual(Array(3).fill('toys.thing.made'))
  })

  it('leaves young events to the step that said them', async () => {
    const { publisher, parts } = await unpublished()
    publisher.away = false

    expect(await sweep(parts)).toMatchObject({ published: 0 })
  })

  it('does not let one event that the bus refuses hold up the others', async () => {
    const { publisher, parts } = await unpublished()
    publisher.away = false
    const [bad] = await said(db.current, 'toys.thing.made')
    publisher.refuses = ({ id }) => id === bad.event_id
    await age('11 seconds')

    expect(await sweep(parts)).toMatchObject({ published: 2 })
    const left = await db.current.read('select event_id from pipeline.trail where published_at is null')
    expect(left).toEqual([{ event_id: bad.event_id }])
  })

  it('offers again what the bus has lost: ready for long, or held by nobody for long', async () => {
    const publisher = toyPublisher()
    const parts = toyParts(db.current, [make, hear], { publisher })
    await receiveEvent(parts, make, envelope('toys.thing.asked', 'asked', { n: 1 }), PROVENANCE)
    await attempt(parts, make, 'asked')
    const [died, , young] = await said(db.current, 'toys.thing.made')
    await db.current.write(
      `update pipeline.deliveries set state = 'running', attempt = 1, lease_until = now() where event_id = $1`,
      [died.event_id],
    )
    await age('11 minutes')
    await db.current.write('update pipeline.deliveries set offered_at = now() where event_id = $1', [young.event_id])
    publisher.published.length = 0

    expect(await sweep(parts)).toMatchObject({ reoffered: 2, published: 2 })
    expect(await sweep(parts)).toMatchObject({ reoffered: 0, published: 0 })
    expect(publisher.published.map(({ id }) => id)).toContain(died.event_id)
    expect(publisher.again).toContain(died.event_id)
    expect(publisher.published.map(({ id }) => id)).not.toContain(young.event_id)
    expect(await attempt(parts, hear, died.event_id)).toMatchObject({ outcome: 'done' })
  })

  it('publishes all that an outage of the bus has left, however much it is', async () => {
    const publisher = toyPublisher()
    const parts = toyParts(db.current, [make, hear], { publisher })
    await db.current.write(`
      insert into pipeline.trail (event_id, run, step, subject, data, said_at)
      select 'late' || i, 'toys:late', 'toys-make', 'toys.thing.made', '{"n":1}', now() - interval '1 minute'
      from generate_series(1, 1234) i`)

    expect(await sweep(parts)).toMatchObject({ published: 1_234 })
    expect(new Set(publisher.published.map(({ id }) => id)).size).toBe(1_234)
  })

  it('does not offer what waits for its back-off', async () => {
    const publisher = toyPublisher()
    const parts = toyParts(db.current, [make, hear], { publisher })
    await receiveEvent(parts, make, envelope('toys.thing.asked', 'asked', { n: 1 }), PROVENANCE)
    await age('11 minutes')
    await db.current.write(`update pipeline.deliveries set next_at = now() + interval '1 minute'`)

    expect(await sweep(parts)).toMatchObject({ reoffered: 0 })
  })

  it('closes a run whose last committer died before it could', async () => {
    const parts = toyParts(db.current, toyChain().steps)
    await openRun(parts, { workflow: 'toys', key: 'k', params: {} }, PROVENANCE)
    await drain(parts)
    await db.current.write(`
      with unsaid as (delete from pipeline.trail where subject = 'pipeline.run.ended')
      update pipeline.runs set state = 'running', ended = null`)

    expect(await sweep(parts)).toMatchObject({ closed: 1 })
    expect(await sweep(parts)).toMatchObject({ closed: 0 })
    expect(await runState(db.current, 'toys:k')).toMatchObject({ state: 'ok' })
    expect(await said(db.current, 'pipeline.run.ended')).toHaveLength(1)
  })

  it('does its other parts when one of them fails', async () => {
    const { publisher, parts } = await unpublished()
    publisher.away = false
    await age('11 seconds')
    await drain({ ...parts, publisher: undefined })
    await db.current.write(`update pipeline.runs set state = 'running', ended = null`)
    const database = {
      ...db.current,
      read: async <Row extends object>(sql: string, values?: readonly unknown[]) => {
        if (sql.includes('deadline < now()')) throw new Error('odd trouble')
        return db.current.read<Row>(sql, values)
      },
    }

    const swept = await sweep({ ...parts, database })

    expect(swept.published).toBeGreaterThanOrEqual(3)
    expect(swept).toMatchObject({ deadlines: 0, closed: 1 })
  })
})
