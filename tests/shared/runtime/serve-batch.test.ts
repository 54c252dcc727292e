import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Envelope } from '../../../shared/events/envelope.ts'
import { event } from '../../../shared/events/event.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { OUTCOME_HEADER } from '../../../shared/runtime/answer.ts'
import { POSITION_HEADER } from '../../../shared/runtime/batch.ts'
import { serveStep } from '../../../shared/runtime/serve.ts'
import { batches, customStep } from '../../../shared/runtime/step.ts'
import { Alarmed, type Deed, hearAlarm, Summed, sumStep, Tick, tickAt, ticks } from './batch-toys.ts'
import { call, coreDatabase, deliveries, said, sleep, type ToyPorts, toyParts, toyPublisher, until } from './harness.ts'

const db = coreDatabase()
const Worded = event('toys.tick.worded', z.object({ word: z.string() }), { ephemeral: true })

interface Checkpoint {
  readonly stream: string
  readonly sequence: string
  readonly heard: Record<string, number>
  readonly said_count: string
  readonly said: Envelope[] | null
}

function toys(deed?: Deed, options: Parameters<typeof sumStep>[1] = {}) {
  const publisher = toyPublisher()
  const step = sumStep(deed, options)
  const parts = toyParts(db.current, [step, hearAlarm], { publisher })
  const send = async (items: readonly string[]) => {
    const reply = await serveStep(parts, step, call(`[${items.join()}]`))
    const position = reply.headers[POSITION_HEADER]
    const { reason } = JSON.parse(String(reply.body))
    return { outcome: reply.headers[OUTCOME_HEADER], position: position && Number(position), reason }
  }
  return { publisher, parts, step, send }
}

const notes = async () => {
  const rows = await db.current.read<{ note: string }>('select note from toy.notes order by note::int')
  return rows.map(({ note }) => Number(note))
}
const checkpoint = async (partition = 'p') => {
  const rows = await db.current.read<Checkpoint>('select * from pipeline.checkpoints where partition = $1', [partition])
  return rows[0]
}
const numbers = (published: readonly Envelope[]) => published.map(({ data }) => (data as { n: number }).n)
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, i) => from + i)

describe('a batch', () => {
  it('takes effect, says what follows in order, and notes how far it came', async () => {
    const { send, publisher } = toys()
    expect(await send(ticks(1, 5))).toMatchObject({ outcome: 'done', position: 5 })
    expect(await notes()).toEqual(upTo(5))
    expect(numbers(publisher.published)).toEqual(upTo(5))
    expect(publisher.published[1]).toMatchObject({
      source: 'toys-sum',
      type: Summed.subject,
      runid: 'toys:1',
      partitionkey: 'p',
      producer: 'toys-sum/p',
      sequence: 2,
    })
    expect(await checkpoint()).toMatchObject({ stream: 'toys@1', sequence: '5', said_count: '5', said: null })
    // Nothing of it is in the trail or among the deliveries.
    expect([await said(db.current), await deliveries(db.current)]).toEqual([[], []])
  })

  it('is done before when it comes again, and only what is new of it is taken', async () => {
    const { send, publisher } = toys()
    await send(ticks(1, 5))
    expect(await send(ticks(1, 5))).toMatchObject({ outcome: 'done', position: 5 })
    expect(await send(ticks(2, 4))).toMatchObject({ outcome: 'done', position: 5 })
    expect(await send(ticks(3, 8))).toMatchObject({ outcome: 'done', position: 8 })
    expect(await notes()).toEqual(upTo(8))
    expect(numbers(publisher.published)).toEqual(upTo(8))
    expect(publisher.published.map(({ sequence }) => sequence)).toEqual(upTo(8))
  })

  it('says the same, however it was cut', async () => {
    const first = toys()
    await first.send(ticks(1, 3))
    await first.send(ticks(4, 8))
    await db.current.write('truncate pipeline.checkpoints')
    const second = toys()
    await second.send(ticks(1, 8))
    const ids = (published: readonly Envelope[]) => published.map(({ id }) => id)
    expect(ids(second.publisher.published)).toEqual(ids(first.publisher.published))
    expect(new Set(ids(first.publisher.published)).size).toBe(8)
  })

  it('puts lasting events into the trail with their deliveries, and opens the run again', async () => {
    const { send, parts, publisher } = toys()
    await db.current.write(
      `insert into pipeline.runs (run, workflow, key, state, code_version, config_hash) values ('toys:1', 'toys', '1', 'ok', '', '')`,
    )
    await send([tickAt(1, { n: 1 }), tickAt(2, { n: 2, say: 'alarm' })])
    expect(await said(db.current)).toMatchObject([{ subject: Alarmed.subject, run: 'toys:1', data: { n: 2 } }])
    expect(await deliveries(db.current)).toMatchObject([{ subscriber: 'toys-hear', state: 'ready' }])
    expect(publisher.published.map(({ type }) => type).sort()).toEqual([Alarmed, Summed, Summed].map((t) => t.subject))
    expect(parts.offers).toBe(1)
    expect(await db.current.read('select state from pipeline.runs')).toEqual([{ state: 'running' }])
  })

  it('of two attempts at once one takes effect, the first of a partition included', async () => {
    for (const from of [1, 6]) {
      let inside = 0
      const both = toys(async () => {
        inside++
        await until('both are inside', () => inside === 2)
      })
      const answers = await Promise.all([both.send(ticks(from, from + 4)), both.send(ticks(from, from + 4))])
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['busy', 'done'])
      expect(await notes()).toEqual(upTo(from + 4))
      expect(numbers(both.publisher.published)).toEqual(upTo(from + 4, from))
    }
  })

  it('publishes first what the last one could not', async () => {
    const { send, publisher } = toys()
    publisher.away = true
    expect(await send(ticks(1, 3))).toMatchObject({ outcome: 'unavailable', position: undefined })
    expect((await checkpoint()).said).toHaveLength(3)
    expect(await send(ticks(1, 6))).toMatchObject({ outcome: 'unavailable' })
    // Committed once, and nothing behind it while it is not published.
    expect(await notes()).toEqual([1, 2, 3])

    publisher.away = false
    expect(await send(ticks(1, 6))).toMatchObject({ outcome: 'done', position: 6 })
    expect(numbers(publisher.published)).toEqual(upTo(6))
    expect((await checkpoint()).said).toBeNull()
  })

  it('publishes again what may not have arrived, under the same ids and numbers', async () => {
    const { send, publisher } = toys()
    const { publish } = publisher
    let calls = 0
    publisher.publish = async (events) => {
      await publish(events)
      if (++calls === 2) throw new Error('the answer was lost')
    }
    expect(await send(ticks(1, 3))).toMatchObject({ outcome: 'failed' })
    expect(await send(ticks(1, 3))).toMatchObject({ outcome: 'done', position: 3 })
    expect(numbers(publisher.published)).toEqual([1, 2, 3, 1, 2, 3])
    const [once, again] = [publisher.published.slice(0, 3), publisher.published.slice(3)]
    expect(again).toEqual(once)
  })

  it('hears once what its producer says again', async () => {
    const { send } = toys()
    const from = (producer: string, sequence: number) => ({ producer, sequence })
    await send([
      tickAt(1, { n: 1 }, from('a', 1)),
      tickAt(2, { n: 2 }, from('a', 2)),
      tickAt(3, { n: 2 }, from('a', 2)),
    ])
    // Again under new places, in this stream and in one made anew; another producer counts for itself.
    await send([
      tickAt(4, { n: 1 }, from('a', 1)),
      tickAt(5, { n: 3 }, from('b', 1)),
      tickAt(6, { n: 4 }, from('a', 3)),
    ])
    const anew = 'toys@2'
    expect(
      await send([tickAt(1, { n: 4 }, from('a', 3), anew), tickAt(2, { n: 5 }, from('a', 4), anew)]),
    ).toMatchObject({ outcome: 'done', position: 2 })
    expect(await notes()).toEqual(upTo(5))
    expect((await checkpoint()).heard).toEqual({ a: 4, b: 1 })
    // All of them heard before: only the place moves.
    expect(await send([tickAt(3, { n: 5 }, from('a', 4), anew)])).toMatchObject({ outcome: 'done', position: 3 })
    expect(await checkpoint()).toMatchObject({ stream: anew, sequence: '3' })
    expect(await notes()).toEqual(upTo(5))
  })

  it('begins anew with a stream that was made anew, and takes nothing more of the old one', async () => {
    const { send } = toys()
    await send(ticks(1, 9))
    expect(await send(ticks(1, 4, 'toys@2'))).toMatchObject({ outcome: 'done', position: 4 })
    expect(await notes()).toHaveLength(13)
    expect(await send(ticks(8, 12))).toMatchObject({ outcome: 'done', position: 12 })
    expect(await notes()).toHaveLength(13)
    expect(await checkpoint()).toMatchObject({ stream: 'toys@2', sequence: '4' })
  })

  it('sets aside what does not fit, with its bytes and the reason, and takes the rest', async () => {
    const { send } = toys()
    const answer = await send([
      tickAt(1, { n: 1 }),
      tickAt(2, { n: 'two' }),
      tickAt(3, { n: 3 }, { type: 'toys.other.seen' }),
      tickAt(4, { n: 4 }, { id: undefined }),
      tickAt(5, { n: 5 }),
    ])
    expect(answer).toMatchObject({ outcome: 'done', position: 5 })
    expect(await notes()).toEqual([1, 5])
    const dead = (await deliveries(db.current)).sort((a, b) => String(a.original).localeCompare(String(b.original)))
    expect(dead.map(({ subscriber, state }) => [subscriber, state])).toEqual(Array(3).fill(['toys-sum', 'dead']))
    const reasons = dead.map(({ reason }) => reason).join('\n')
    expect(reasons).toContain('does not fit its schema: n: ')
    expect(reasons).toContain('toys-sum hears toys.tick.seen, not "toys.other.seen"')
    expect(reasons).toContain('Not a CloudEvent')
    const two = dead.map(({ original }) => JSON.parse(String(original))).find(({ data }) => data.n === 'two')
    expect(two).toEqual({ ...JSON.parse(tickAt(2, { n: 'two' })), stream: undefined, streamsequence: undefined })
  })

  it('finds the one that can never succeed, sets it aside, and takes all others', async () => {
    const { send } = toys()
    const items = upTo(20).map((n) => tickAt(n, n === 13 ? { n, say: 'poison' } : { n }))
    let position = 0
    let calls = 0
    while (position < 20) {
      const answer = await send(items.slice(position))
      expect(answer.outcome).toBe('done')
      expect(answer.position).toBeGreaterThan(position)
      position = answer.position as number
      calls++
    }
    expect(await notes()).toEqual(upTo(20).filter((n) => n !== 13))
    expect(await deliveries(db.current)).toMatchObject([
      { subscriber: 'toys-sum', state: 'dead', reason: 'PermanentError: Tick 13 is poison' },
    ])
    expect(calls).toBeLessThan(8)
  })

  it('sets aside what cannot be stored', async () => {
    const step = customStep({
      name: 'toys-keep',
      on: batches(Tick, { most: 10, waitMs: 1 }),
      emits: [Worded],
      async run({ items }, { database }: ToyPorts) {
        await database.write('insert into toy.notes select unnest($1::text[])', [
          items.map(({ data }) => String(data.n)),
        ])
        return items.map(({ data }) => Worded.of({ word: data.say ?? 'nothing' }))
      },
    })
    const parts = toyParts(db.current, [step], { publisher: toyPublisher() })
    const items = [tickAt(1, { n: 1 }), tickAt(2, { n: 2, say: 'a\0b' }), tickAt(3, { n: 3 })]
    for (const position of [1, 2, 3]) {
      const reply = await serveStep(parts, step, call(`[${items.slice(position - 1).join()}]`))
      expect(reply.headers).toMatchObject({ [OUTCOME_HEADER]: 'done' })
    }
    expect(await notes()).toEqual([1, 3])
    expect(await deliveries(db.current)).toMatchObject([{ subscriber: 'toys-keep', state: 'dead' }])
  })

  it('leaves nothing behind when the step fails or takes too long, and tries all of it again', async () => {
    let trouble: 'throws' | 'hangs' | undefined = 'throws'
    const { send, publisher } = toys(
      async () => {
        if (trouble === 'throws') throw new Error('bad luck')
        if (trouble === 'hangs') await sleep(200)
      },
      { timeoutMs: 60 },
    )
    expect(await send(ticks(1, 3))).toMatchObject({ outcome: 'failed', reason: 'bad luck' })
    trouble = 'hangs'
    expect(await send(ticks(1, 3))).toMatchObject({
      outcome: 'failed',
      reason: 'TimeoutError: toys-sum did not finish within 60 ms',
    })
    expect([await notes(), await checkpoint(), publisher.published]).toEqual([[], undefined, []])
    trouble = undefined
    expect(await send(ticks(1, 3))).toMatchObject({ outcome: 'done', position: 3 })
    expect(await notes()).toEqual([1, 2, 3])
  })

  it('speaks to another partition as well, and each of its own counts for itself', async () => {
    const { send, publisher } = toys()
    await send([tickAt(1, { n: 1, say: 'elsewhere' })])
    await send([tickAt(2, { n: 2, say: 'elsewhere' }, { partitionkey: 'q' })])
    await send([tickAt(3, { n: 3 }, { partitionkey: undefined })])
    expect(
      publisher.published.map(({ partitionkey, producer, sequence }) => [partitionkey, producer, sequence]),
    ).toEqual([
      ['elsewhere', 'toys-sum/p', 1],
      ['elsewhere', 'toys-sum/q', 1],
      [undefined, 'toys-sum/', 1],
    ])
  })

  it('says nothing that no bus would take', async () => {
    const { send } = toys((batch) => {
      for (const { data } of batch.items) Object.assign(data, { n: Number.NaN })
    })
    // A bug of the step: nothing is committed that could not be published.
    expect(await send(ticks(1, 1))).toMatchObject({ outcome: 'failed' })
    expect(await checkpoint()).toBeUndefined()
  })

  it('needs a bus for what it says', async () => {
    const step = sumStep()
    const parts = toyParts(db.current, [step], { local: true })
    const reply = await serveStep(parts, step, call(`[${ticks(1, 2).join()}]`))
    expect(reply.headers[OUTCOME_HEADER]).toBe('unavailable')
  })

  it.each([
    ['no array', '{}', 'not an array'],
    ['an empty one', '[]', 'not an array'],
    ['no JSON', '[', 'not JSON'],
    ['two partitions', `[${tickAt(1, {})},${tickAt(2, {}, { partitionkey: 'q' })}]`, 'is of toys:1/q'],
    ['two runs', `[${tickAt(1, {})},${tickAt(2, {}, { runid: 'r' })}]`, 'is of r/p'],
    ['two streams', `[${tickAt(1, {})},${tickAt(2, {}, {}, 'other@1')}]`, 'on other@1'],
    ['the wrong order', `[${tickAt(2, {})},${tickAt(2, {})}]`, 'not behind'],
    ['no place', '[{"specversion":"1.0","runid":"r"}]', 'no place in a stream'],
  ])('is poison with %s', async (_, body, reason) => {
    const { parts, step } = toys()
    const reply = await serveStep(parts, step, call(body))
    expect([reply.headers[OUTCOME_HEADER], String(reply.body)]).toEqual(['poison', expect.stringContaining(reason)])
    expect(await checkpoint()).toBeUndefined()
  })

  it('is refused from whoever may not wake the step', async () => {
    const step = sumStep()
    const parts = toyParts(db.current, [step], { auth: { keys: [], token: 't' } })
    expect((await serveStep(parts, step, call(`[${ticks(1, 2).join()}]`))).status).toBe(401)
  })

  it('counts an input error of the step as one that never passes', async () => {
    const { send } = toys((batch) => {
      if (batch.items.some(({ data }) => data.n === 2)) throw new InputError('two is no number')
    })
    expect(await send(ticks(1, 2))).toMatchObject({ outcome: 'done', position: 1 })
    expect(await send(ticks(2, 2))).toMatchObject({ outcome: 'done', position: 2 })
    expect(await notes()).toEqual([1])
  })
})
