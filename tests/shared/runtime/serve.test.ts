import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { instant } from '../../../shared/domain/market/session.ts'
import { event } from '../../../shared/events/event.ts'
import { fixedClock } from '../../../shared/ports/clock.ts'
import { InputError, PermanentError, UnavailableError } from '../../../shared/ports/errors.ts'
import { attempt } from '../../../shared/runtime/attempt.ts'
import { claimable } from '../../../shared/runtime/deliveries.ts'
import { openRun } from '../../../shared/runtime/runs.ts'
import { type Call, serveStep } from '../../../shared/runtime/serve.ts'
import { sign } from '../../../shared/runtime/signature.ts'
import { join, type Step, customStep as step } from '../../../shared/runtime/step.ts'
import {
  call,
  coreDatabase,
  deliveries,
  effects,
  envelope,
  leaveEffect,
  opens,
  PROVENANCE,
  type ToyOptions,
  type ToyPorts,
  toyParts,
} from './harness.ts'

const Asked = event('toys.thing.asked', z.object({ n: z.number(), text: z.string().optional() }))
const Made = event('toys.thing.made', z.object({ n: z.number() }), { final: true })
const db = coreDatabase()
const now = instant(Date.UTC(2024, 0, 10, 6))

let work: (ports: ToyPorts) => Promise<void> | void = () => {}
const make = step({
  name: 'toys-make',
  on: Asked,
  emits: [Made],
  maxAttempts: 2,
  async run({ n }, ports: ToyPorts, context) {
    await work(ports)
    await leaveEffect(ports, context)
    return [Made.of({ n })]
  },
})
const open = step({ name: 'toys-open', on: opens('toys'), emits: [], run: () => [] }) as Step<ToyPorts>
const gather = step({
  name: 'toys-gather',
  on: join('things', [Made], { deadlineMs: 1 }),
  emits: [],
  run: () => [],
}) as Step<ToyPorts>

async function served(given: Call, to: Step<ToyPorts> = make, options: ToyOptions = {}) {
  const parts = toyParts(db.current, [make, open, gather], { clock: fixedClock(now), ...options })
  const reply = await serveStep(parts, to, given)
  const body = JSON.parse(String(reply.body))
  return { status: reply.status, outcome: reply.headers['edgefund-outcome'], body, reply }
}

const asked = (id: string, data: unknown = { n: 1 }) => call(JSON.stringify(envelope('toys.thing.asked', id, data)))

describe('a call to a step', () => {
  it('does the work and answers done with what was said; the second time it is done already', async () => {
    work = () => {}

    const first = await served(asked('a'))
    expect(first).toMatchObject({ status: 200, outcome: 'done', body: { outcome: 'done', run: 'toys:a' } })
    expect(first.body.events).toMatchObject([{ subject: 'toys.thing.made' }])
    expect(await served(asked('a'))).toMatchObject({ status: 200, outcome: 'done', body: { outcome: 'done' } })
    expect(await effects(db.current)).toHaveLength(1)
  })

  it('takes binary events and bare JSON; the same Idempotency-Key is the same event', async () => {
    work = () => {}
    const headers = { 'ce-specversion': '1.0', 'ce-id': 'b', 'ce-source': 'x', 'ce-type': 'toys.thing.asked' }
    expect(await served(call('{"n":1}', { ...headers, 'content-type': 'application/octet-stream' }))).toMatchObject({
      outcome: 'done',
      body: { run: 'toys:b' },
    })

    const keyed = [
      await served(call('{"n":1}', { 'idempotency-key': 'k' })),
      await served(call('{"n":1}', { 'Idempotency-Key': 'k' })),
    ]
    expect(keyed.map(({ outcome }) => outcome)).toEqual(['done', 'done'])
    await served(call('{"n":1}'))
    await served(call('{"n":1}'))
    expect(await effects(db.current)).toHaveLength(4)
  })

  it.each([
    ['of the provider away', () => new UnavailableError('away'), 503, 'unavailable'],
    ['of a bug', () => new Error('bug'), 500, 'failed'],
    ['for good', () => new PermanentError('never'), 422, 'poison'],
    ['of input', () => new InputError('wrong input'), 422, 'poison'],
    ['of nothing known', () => undefined, 500, 'failed'],
  ])('that fails because %s is never answered 200', async (_, thrown, status, outcome) => {
    work = () => {
      throw thrown()
    }

    expect(await served(asked('a'))).toMatchObject({ status, outcome, body: { outcome } })
    expect(await effects(db.current)).toEqual([])
  })

  it('that is claimed elsewhere is busy', async () => {
    let finish = () => {}
    work = () =>
      new Promise((resolve) => {
        finish = resolve
      })
    const first = served(asked('a'))
    while ((await deliveries(db.current))[0]?.state !== 'running')
      await new Promise((resolve) => setTimeout(resolve, 2))

    expect(await served(asked('a'))).toMatchObject({ status: 409, outcome: 'busy' })
    finish()
    expect(await first).toMatchObject({ status: 200 })
  })

  it('that fails at its last attempt is poison, and stays among the dead letters', async () => {
    work = () => {
      throw new Error('bug')
    }
    expect(await served(asked('a'))).toMatchObject({ status: 500, outcome: 'failed' })
    expect(await served(asked('a'))).toMatchObject({ status: 422, outcome: 'poison' })
    work = () => {}
    expect(await served(asked('a'))).toMatchObject({ status: 422, outcome: 'poison' })
    expect(await effects(db.current)).toEqual([])
  })
})

describe('poison', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  it.each([
    ['not JSON', bytes('{"n":'), {}, /not JSON/],
    ['not UTF-8', new Uint8Array([0xff, 0xfe]), {}, /not UTF-8/],
    ['empty', bytes(''), {}, /toys\.thing\.asked .* does not fit its schema: n: /],
    ['of another shape', bytes('{"n":"one"}'), {}, /does not fit its schema: n: /],
    ['not an object', bytes('[1]'), {}, /does not fit its schema/],
    ['another event', bytes(JSON.stringify(envelope('toys.thing.lost', 'a', {}))), {}, /hears toys\.thing\.asked/],
    ['no event at all', bytes('{}'), { 'content-type': 'application/cloudevents+json' }, /Not a CloudEvent/],
    ['a zero byte', bytes('{"n":1,"text":"\\u0000"}'), {}, /cannot be stored/],
    [
      'a zero byte in its id',
      bytes(JSON.stringify(envelope('toys.thing.asked', 'a\u0000', { n: 1 }))),
      {},
      /cannot be stored/,
    ],
    ['a zero byte where it does not fit', bytes('{"n":{"\\u0000":1}}'), {}, /does not fit its schema/],
  ])('that is %s is dead at once, with its reason and its bytes', async (_, body, headers, reason) => {
    const answer = await served(call(body, headers))

    expect(answer).toMatchObject({ status: 400, outcome: 'poison' })
    expect(answer.body.reason).toMatch(reason)
    const [dead] = await deliveries(db.current)
    expect(dead).toMatchObject({ state: 'dead', subscriber: 'toys-make' })
    expect(dead.event_id).toBe(createHash('sha256').update(body).digest('hex'))
    expect(dead.reason).toMatch(reason)
    expect(new Uint8Array(dead.original!)).toEqual(body)
    expect(await claimable(db.current, 10)).toEqual([])
  })

  it('that comes twice is kept once', async () => {
    await served(call('{"n":'))
    await served(call('{"n":'))

    expect(await deliveries(db.current)).toHaveLength(1)
  })

  it('that is too large is dead with its beginning', async () => {
    const answer = await served(call('x'.repeat(1_001)), make, { maxBodyBytes: 1_000 })

    expect(answer).toMatchObject({ status: 413, outcome: 'poison' })
    const [dead] = await deliveries(db.current)
    expect(dead.reason).toBe('The body has 1001 bytes, at most 1000 are taken (its beginning is kept)')
    expect(dead.original).toHaveLength(1_000)
  })

  it('that cannot be kept must come again', async () => {
    const parts = toyParts(db.current, [make])
    const database = {
      ...db.current,
      write: async () => {
        throw new UnavailableError('PostgreSQL cannot be reached')
      },
    }

    const reply = await serveStep({ ...parts, database }, make, call('{"n":'))

    expect(reply.status).toBe(503)
    expect(reply.headers['edgefund-outcome']).toBe('unavailable')
  })

  it('for a joining step is data that a person posted to it', async () => {
    expect(await served(call('{"n":1}'), gather)).toMatchObject({ status: 400, outcome: 'poison' })
  })
})

describe('a call to a clock step', () => {
  it('ticks when its body is empty, once however often', async () => {
    const first = await served(call(''), open)
    const second = await served(call('', { 'content-type': 'application/octet-stream' }), open)

    expect(first).toMatchObject({ status: 200, outcome: 'done', body: { run: 'toys:2024-01-09', reason: 'opened' } })
    expect(second).toMatchObject({ status: 200, outcome: 'done', body: { reason: 'Nothing is due' } })
  })

  it('opens a run of its own with parameters, and the same run for the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'by-hand' }
    expect(await served(call('{"parts":["A"]}', headers), open)).toMatchObject({
      body: { run: 'toys:by-hand', reason: 'opened' },
    })
    expect(await served(call('{"parts":["A"]}', headers), open)).toMatchObject({ body: { reason: 'already running' } })
    expect(await served(call('{"parts":["B"]}', headers), open)).toMatchObject({ status: 400, outcome: 'poison' })
    const free = [await served(call('{"parts":["A"]}'), open), await served(call('{"parts":["A"]}'), open)]
    expect(new Set(free.map(({ body }) => body.run)).size).toBe(2)
  })

  it.each(['{"parts":"A"}', '["A"]', '"text"'])(
    'refuses parameters that do not fit, without a dead letter: %s',
    async (body) => {
      expect(await served(call(body), open)).toMatchObject({ status: 400, outcome: 'poison' })
      expect(await deliveries(db.current)).toEqual([])
    },
  )

  it('is woken by the event that opened its run', async () => {
    const parts = toyParts(db.current, [open])
    await openRun(parts, { workflow: 'toys', key: 'k', params: {} }, PROVENANCE)
    const [{ event_id }] = await deliveries(db.current)

    expect(await served(call(JSON.stringify(envelope('pipeline.run.opened', event_id, {}))), open)).toMatchObject({
      outcome: 'done',
    })
    expect(await attempt(parts, open, event_id)).toEqual({ outcome: 'done' })
  })
})

describe('who may call', () => {
  const keys = [{ id: 'k1', secret: 'one' }]
  const auth = { keys, token: 'the token' }
  const body = JSON.stringify(envelope('toys.thing.asked', 'a', { n: 1 }))
  const signed = (step: string, at: number) => sign(keys[0], step, new TextEncoder().encode(body), at)

  it('is the bridge with its signature, and a person with the token', async () => {
    work = () => {}
    expect(await served(call(body, { 'edgefund-signature': signed('toys-make', now) }), make, { auth })).toMatchObject({
      status: 200,
    })
    expect(await served(asked('b'), make, { auth, clock: fixedClock(now) })).toMatchObject({ status: 401 })
    expect(
      await served({ ...asked('b'), headers: { authorization: 'Bearer the token' } }, make, { auth }),
    ).toMatchObject({ status: 200 })
  })

  it.each([
    ['nothing', {}],
    ['another token', { authorization: 'Bearer a token' }],
    ['another scheme', { authorization: 'Basic the token' }],
    ['a signature for another step', { 'edgefund-signature': signed('toys-break', now) }],
    ['an old signature', { 'edgefund-signature': signed('toys-make', now - 301_000) }],
    ['a signature over another body', { 'edgefund-signature': sign(keys[0], 'toys-make', new Uint8Array(), now) }],
  ])('is nobody with %s: 401, no outcome, and nothing is dead-lettered', async (_, headers) => {
    const { reply } = await served(call(body, headers), make, { auth })

    expect(reply.status).toBe(401)
    expect(reply.headers['edgefund-outcome']).toBeUndefined()
    expect(await deliveries(db.current)).toEqual([])
    expect(await effects(db.current)).toEqual([])
  })

  it('is refused before the body is looked at', async () => {
    const { reply } = await served(call('{"n":'), make, { auth })

    expect(reply.status).toBe(401)
    expect(await deliveries(db.current)).toEqual([])
  })

  it('needs no token where none is set', async () => {
    const given = call(body, { authorization: 'Bearer undefined' })

    expect(await served(given, make, { auth: { keys, token: undefined } })).toMatchObject({ status: 401 })
  })
})
