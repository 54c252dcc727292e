import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { event } from '../../../shared/events/event.ts'
import { attempt } from '../../../shared/runtime/attempt.ts'
import { claim, claimable, handBack, nextClaimable, releaseOwners } from '../../../shared/runtime/deliveries.ts'
import { receiveEvent } from '../../../shared/runtime/receive.ts'
import { customStep as step } from '../../../shared/runtime/step.ts'
import {
  coreDatabase,
  deliveries,
  drain,
  effects,
  envelope,
  expireLeases,
  leaveEffect,
  PROVENANCE,
  sleep,
  type ToyPorts,
  toyParts,
} from './harness.ts'

const Asked = event('toys.thing.asked', z.object({ n: z.number(), fund: z.string().optional() }))
const db = coreDatabase()

let running = 0
let most = 0
const one = step({
  name: 'toys-one',
  on: Asked,
  emits: [],
  serialBy: ['fund'],
  async run(_data, ports: ToyPorts, context) {
    running++
    most = Math.max(most, running)
    await sleep(1)
    await leaveEffect(ports, context)
    running--
    return []
  },
})
const free = step({
  name: 'toys-free',
  on: Asked,
  emits: [],
  async run(_data, ports: ToyPorts, context) {
    await leaveEffect(ports, context)
    return []
  },
})

async function ask(parts: ReturnType<typeof toyParts>, to: typeof one, ids: readonly string[], fund?: string) {
  for (const id of ids) await receiveEvent(parts, to, envelope('toys.thing.asked', id, { n: 1, fund }), PROVENANCE)
}

const take = (id: string, subscriber: string, owner = 'test', leaseMs = 60_000) =>
  claim(db.current, id, subscriber, owner, leaseMs)

describe('a claim', () => {
  it('is given to one, and busy for everybody else until its lease is over', async () => {
    const parts = toyParts(db.current, [free])
    await ask(parts, free, ['a'])

    expect(await take('a', 'toys-free', 'first')).toMatchObject({ state: 'claimed', delivery: { attempt: 1 } })
    expect(await take('a', 'toys-free', 'second')).toEqual({ state: 'busy' })
    expect(await claimable(db.current, 10)).toEqual([])
    await expireLeases(db.current)
    expect(await claimable(db.current, 10)).toEqual([{ eventId: 'a', subscriber: 'toys-free' }])
    expect(await take('a', 'toys-free', 'second')).toMatchObject({
      state: 'claimed',
      delivery: { attempt: 2, failures: 0, losses: 1 },
    })
    expect(await take('b', 'toys-free')).toEqual({ state: 'unknown' })
  })

  it('goes to exactly one of many who ask at once', async () => {
    const parts = toyParts(db.current, [free])
    await ask(parts, free, ['a'])

    const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => take('a', 'toys-free', `owner-${i}`)))

    expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1)
    expect(claims.filter(({ state }) => state === 'busy')).toHaveLength(19)
  })

  it('that was handed back is worth nothing to who held it', async () => {
    const parts = toyParts(db.current, [free])
    await ask(parts, free, ['a'])
    const first = await take('a', 'toys-free', 'first')
    await expireLeases(db.current)
    await take('a', 'toys-free', 'second')
    if (first.state !== 'claimed') throw new Error('not claimed')

    expect(await handBack(db.current, first.delivery, { counted: true, delayMs: 0, reason: 'late' })).toBe(false)
    expect(await deliveries(db.current)).toMatchObject([{ state: 'running', attempt: 2, reason: null }])
  })

  it('of a dead process can be given back at once, counted, when its owner is known to be dead', async () => {
    const parts = toyParts(db.current, [free])
    await ask(parts, free, ['a', 'b', 'c'])
    await take('a', 'toys-free', 'laptop:1')
    await take('b', 'toys-free', 'laptop:2')
    await take('c', 'toys-free', 'server:1')

    expect(await releaseOwners(db.current, 'laptop:')).toBe(2)
    expect(await deliveries(db.current)).toMatchObject([
      { event_id: 'a', state: 'ready', losses: 1 },
      { event_id: 'b', state: 'ready', losses: 1 },
      { event_id: 'c', state: 'running', losses: 0 },
    ])
  })
})

describe('a serial key', () => {
  it('lets one delivery run at a time, and all of them in the end', async () => {
    most = 0
    const parts = toyParts(db.current, [one])
    const ids = Array.from({ length: 30 }, (_, i) => `e${i}`)
    await ask(parts, one, ids)
    // Everybody at once, without asking first what can be claimed.
    const outcomes = await Promise.all(ids.map((id) => attempt(parts, one, id)))

    expect(outcomes.every(({ outcome }) => outcome === 'done' || outcome === 'busy')).toBe(true)
    await drain(parts, { concurrency: 8 })
    expect(await effects(db.current)).toHaveLength(30)
    expect(most).toBe(1)
  })

  it('does not hold up another key', async () => {
    const parts = toyParts(db.current, [one])
    await ask(parts, one, ['a'], 'fund-a')
    await ask(parts, one, ['b', 'b2'], 'fund-b')

    expect(await take('a', 'toys-one')).toMatchObject({ state: 'claimed' })
    expect(await take('b', 'toys-one')).toMatchObject({ state: 'claimed' })
    expect(await take('b2', 'toys-one')).toEqual({ state: 'busy' })
    expect(await claimable(db.current, 10)).toEqual([])
  })

  it('is free again when its holder has been gone for longer than its lease; the holder is handed back, counted', async () => {
    const parts = toyParts(db.current, [one])
    await ask(parts, one, ['a', 'b'])
    const gone = await take('a', 'toys-one', 'gone')
    expect(await take('b', 'toys-one')).toEqual({ state: 'busy' })
    await expireLeases(db.current)

    expect(await take('b', 'toys-one', 'next')).toMatchObject({ state: 'claimed' })
    expect(await deliveries(db.current)).toMatchObject([
      { event_id: 'a', state: 'ready', attempt: 1, losses: 1 },
      { event_id: 'b', state: 'running', attempt: 1, losses: 0 },
    ])
    if (gone.state !== 'claimed') throw new Error('not claimed')
    expect(await handBack(db.current, gone.delivery, { counted: true, delayMs: 0, reason: 'late' })).toBe(false)
  })
})

describe('what can be claimed', () => {
  it('is what is due, for the asked subscribers, oldest first', async () => {
    const parts = toyParts(db.current, [one, free])
    await ask(parts, free, ['late', 'early', 'never'])
    await ask(parts, one, ['other'])
    await db.current.write(`
      update pipeline.deliveries set next_at = case event_id
        when 'early' then now() - interval '2 minutes' when 'late' then now() - interval '1 minute'
        when 'never' then now() + interval '1 hour' else next_at end`)

    expect(await claimable(db.current, 10, ['toys-free'])).toEqual([
      { eventId: 'early', subscriber: 'toys-free' },
      { eventId: 'late', subscriber: 'toys-free' },
    ])
    expect(await claimable(db.current, 1)).toEqual([{ eventId: 'early', subscriber: 'toys-free' }])
    expect(await claimable(db.current, 10, [])).toEqual([])
  })

  it('next is told in milliseconds, and not at all when nothing waits', async () => {
    const parts = toyParts(db.current, [free])
    expect(await nextClaimable(db.current)).toBeUndefined()
    await ask(parts, free, ['a', 'b'])
    await db.current.write(`update pipeline.deliveries set next_at = now() + interval '1 hour'`)
    await take('a', 'toys-free', 'test', 5_000)

    const ms = await nextClaimable(db.current)

    expect(ms).toBeGreaterThan(4_000)
    expect(ms).toBeLessThanOrEqual(5_000)
  })
})
