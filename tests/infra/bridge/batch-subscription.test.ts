import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startBatchSubscription } from '../../../infra/bridge/batch-subscription.ts'
import type { CallResult, FunctionCall } from '../../../infra/bridge/call-function.ts'
import { bridgeMetrics } from '../../../infra/bridge/metrics.ts'
import { slots } from '../../../infra/bridge/slots.ts'
import type { Subscription } from '../../../infra/bridge/subscription.ts'
import { type ArrivedBatch, BATCH_CONTENT_TYPE, readBatch } from '../../../shared/runtime/batch.ts'
import type { BatchStepOutline } from '../../../shared/runtime/outline.ts'
import { coreDatabase, deliveries } from '../../shared/runtime/harness.ts'
import { type FakeBus, fakeBus } from './fake-bus.ts'

const SUBJECT = 'toys.tick.seen'
const STEP: BatchStepOutline = {
  name: 'toys-sum',
  room: 'toys',
  on: { kind: 'batch', subject: SUBJECT, most: 10, waitMs: 5 },
  emits: [],
  timeoutMs: 1_000,
  maxAttempts: 8,
  concurrency: 4,
  resources: { cpu: '100m', memory: '128Mi' },
  uses: [],
}
const LONG = { timeout: 10_000, interval: 5 }

const db = coreDatabase()
let subscription: Subscription | undefined
afterEach(() => subscription?.stop())

const doneTo = (position: number): CallResult => ({
  outcome: 'done',
  reason: undefined,
  retryAfterMs: undefined,
  position,
})
const again = (outcome: 'busy' | 'unavailable' | 'failed' | 'poison', retryAfterMs = 5): CallResult => ({
  outcome,
  reason: 'why',
  retryAfterMs,
})

/** A function that takes what it has not taken yet, unless it is told to answer otherwise. */
function fakeFunction(otherwise: (batch: ArrivedBatch) => CallResult | number | undefined = () => undefined) {
  const taken = new Map<string, number[]>()
  const places = new Map<string, { stream: string; sequence: number }>()
  const running = new Set<string>()
  const seen: { highest: number; batches: ArrivedBatch[] } = { highest: 0, batches: [] }
  const call = vi.fn(async ({ body, contentType }: FunctionCall): Promise<CallResult> => {
    expect(contentType).toBe(BATCH_CONTENT_TYPE)
    const batch = readBatch(body)
    seen.batches.push(batch)
    expect(batch.items.length).toBeLessThanOrEqual(10)
    expect(running.has(batch.partition), 'one batch of a partition at a time').toBe(false)
    running.add(batch.partition)
    seen.highest = Math.max(seen.highest, running.size)
    await sleep(1)
    running.delete(batch.partition)
    const other = otherwise(batch)
    if (typeof other === 'object') return other
    const place = places.get(batch.partition)
    const fresh = batch.items.filter(({ sequence }) => place?.stream !== batch.stream || sequence > place.sequence)
    const some = fresh.slice(0, other ?? fresh.length)
    const list = taken.get(batch.partition) ?? []
    taken.set(batch.partition, [...list, ...some.map(({ original }) => JSON.parse(original).data.n)])
    const position = (some.at(-1) ?? batch.items.at(-1))?.sequence as number
    places.set(batch.partition, {
      stream: batch.stream,
      sequence: Math.max(position, place?.stream === batch.stream ? place.sequence : 0),
    })
    return doneTo(position)
  })
  return { call, taken, seen }
}

function subscribe(
  bus: FakeBus,
  call: (call: FunctionCall) => Promise<CallResult>,
  mostBuffered?: number,
  step = STEP,
) {
  const metrics = bridgeMetrics()
  subscription = startBatchSubscription(
    {
      bus,
      call,
      database: db.current,
      log: pino({ level: 'silent' }),
      metrics,
      hold: { firstMs: 40, mostMs: 80, random: () => 1 },
    },
    {
      step,
      url: new URL('http://127.0.0.1/function/toys-sum'),
      functionSlots: slots(8),
      ...(mostBuffered !== undefined && { mostBuffered }),
    },
  )
  return { subscription, metrics }
}

function tick(bus: FakeBus, partition: string, n: number) {
  bus.tick(SUBJECT, {
    specversion: '1.0',
    id: `${partition}${n}`,
    source: 'feed',
    type: SUBJECT,
    time: '2024-01-05T15:00:00.000Z',
    data: { n },
    runid: 'toys:1',
    partitionkey: partition,
  })
}

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)
const noted = async () => {
  const [row] = await db.current.read<{ stream: string; sequence: string }>('select * from pipeline.stream_positions')
  return row && [row.stream, Number(row.sequence)]
}

describe('a subscription in batches', () => {
  it('keeps the order of each partition, beside each other, whatever is answered', async () => {
    const bus = fakeBus()
    const outcomes = ['busy', 'unavailable', 'failed', 'poison'] as const
    const fn = fakeFunction(() => {
      const chance = Math.random()
      if (chance < 0.3) return again(outcomes[Math.floor(Math.random() * 4)])
      return chance < 0.5 ? 1 + Math.floor(Math.random() * 4) : undefined
    })
    subscribe(bus, fn.call)
    for (const n of upTo(200)) {
      for (const partition of ['a', 'b', 'c', 'd']) tick(bus, partition, n)
      if (n % 40 === 0) bus.interrupt()
      if (n % 10 === 0) await sleep(2)
    }
    await vi.waitFor(() => {
      for (const partition of ['a', 'b', 'c', 'd']) expect(fn.taken.get(partition)).toEqual(upTo(200))
    }, LONG)
    expect(fn.seen.highest).toBeGreaterThan(1)
    // Interrupted four times at least, and nothing was read twice.
    expect(bus.stream(SUBJECT).given).toBe(800)
  })

  it('waits for more until there are enough, or the first has waited long enough', async () => {
    const bus = fakeBus()
    const fn = fakeFunction()
    subscribe(bus, fn.call, undefined, { ...STEP, on: { ...STEP.on, waitMs: 150 } })
    await vi.waitFor(() => expect(bus.stream(SUBJECT).openings).toHaveLength(1))
    for (const n of upTo(13)) tick(bus, 'a', n)
    const first = performance.now()
    await vi.waitFor(() => expect(fn.seen.batches).toHaveLength(2), LONG)
    expect(fn.seen.batches.map(({ items }) => items.length)).toEqual([10, 3])
    expect(performance.now() - first).toBeGreaterThan(140)
  })

  it('holds no partition for another that is stuck, in bounded memory, and catches up when it comes loose', async () => {
    const bus = fakeBus()
    let stuck = true
    const fn = fakeFunction(({ partition }) => (stuck && partition === 'a' ? again('failed', 20) : undefined))
    const { subscription } = subscribe(bus, fn.call, 60)
    let most = 0
    for (const n of upTo(500)) {
      for (const partition of ['a', 'b', 'c']) tick(bus, partition, n)
      if (n % 20 === 0) await sleep(2)
      most = Math.max(most, (await subscription.pending())?.unacknowledged ?? 0)
    }
    await vi.waitFor(() => {
      expect(fn.taken.get('b')).toEqual(upTo(500))
      expect(fn.taken.get('c')).toEqual(upTo(500))
    }, LONG)
    expect(fn.taken.get('a')).toBeUndefined()
    expect(most).toBeLessThanOrEqual(61)

    stuck = false
    for (const n of upTo(100)) tick(bus, 'd', n)
    for (const n of upTo(50)) tick(bus, 'a', 500 + n)
    await vi.waitFor(() => {
      expect(fn.taken.get('a')).toEqual(upTo(550))
      expect(fn.taken.get('d')).toEqual(upTo(100))
    }, LONG)
    for (const n of upTo(10)) tick(bus, 'a', 550 + n)
    await vi.waitFor(() => expect(fn.taken.get('a')).toEqual(upTo(560)), LONG)
  })

  it('survives that many partitions fail and come loose by chance while memory is short', async () => {
    const bus = fakeBus()
    const bad = new Set<string>()
    const fn = fakeFunction(({ partition }) => (bad.has(partition) ? again('unavailable', 3) : undefined))
    let { subscription } = subscribe(bus, fn.call, 80)
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    for (const n of upTo(300)) {
      for (const name of names) tick(bus, name, n)
      if (n % 15 === 0) {
        bad.clear()
        for (const name of names) if (Math.random() < 0.4) bad.add(name)
        await sleep(8)
      }
      if (n % 70 === 0) bus.interrupt()
      if (n % 110 === 0) {
        await subscription.stop()
        subscription = subscribe(bus, fn.call, 80).subscription
      }
    }
    bad.clear()
    await vi.waitFor(() => {
      for (const name of names) expect(fn.taken.get(name)).toEqual(upTo(300))
    }, LONG)
  })

  it('stops reading when nothing can be let go of', async () => {
    const bus = fakeBus()
    let open = false
    const fn = fakeFunction(() => (open ? undefined : { outcome: 'infrastructure', reason: 'answered 404' }))
    const { subscription, metrics } = subscribe(bus, fn.call, 50)
    for (const n of upTo(400)) tick(bus, 'a', n)
    await vi.waitFor(() => expect(subscription.heldBecause()).toBe('answered 404'))
    await sleep(60)
    expect(bus.stream(SUBJECT).given).toBeLessThanOrEqual(51)
    expect(await metrics.text()).toContain('edgefund_bridge_paused{step="toys-sum"} 1')
    expect(fn.call.mock.calls.length).toBeLessThan(6)
    open = true
    await vi.waitFor(() => expect(fn.taken.get('a')).toEqual(upTo(400)), LONG)
    expect(subscription.heldBecause()).toBeUndefined()
  })

  it('goes on, after a start, behind what was done when it was stopped', async () => {
    const bus = fakeBus()
    const first = fakeFunction(({ partition }) => (partition === 'b' ? again('failed', 60_000) : undefined))
    const { subscription } = subscribe(bus, first.call)
    for (const n of upTo(50)) tick(bus, 'a', n)
    tick(bus, 'b', 1)
    for (const n of upTo(50)) tick(bus, 'a', 50 + n)
    await vi.waitFor(() => expect(first.taken.get('a')).toEqual(upTo(100)), LONG)
    await subscription.stop()
    expect(await noted()).toEqual([`${SUBJECT}@1`, 50])

    const second = fakeFunction()
    const { subscription: next } = subscribe(bus, second.call)
    await vi.waitFor(() => expect(second.taken.get('b')).toEqual([1]), LONG)
    await vi.waitFor(() => expect(second.taken.get('a')).toEqual(upTo(100).slice(50)), LONG)
    expect(bus.stream(SUBJECT).openings.at(-1)).toBe(50)
    await next.stop()
    expect(await noted()).toEqual([`${SUBJECT}@1`, 101])
  })

  it('finishes what is under way when it is stopped, and takes nothing new', async () => {
    const bus = fakeBus()
    let finish: (result: CallResult) => void = () => {}
    const call = vi.fn(() => new Promise<CallResult>((resolve) => (finish = resolve)))
    const { subscription } = subscribe(bus, call)
    for (const n of upTo(20)) tick(bus, 'a', n)
    await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(1))
    const stopped = subscription.stop()
    await sleep(30)
    finish(doneTo(10))
    await stopped
    expect(call).toHaveBeenCalledTimes(1)
    expect(await noted()).toEqual([`${SUBJECT}@1`, 10])
  })

  it('reads a stream that was made anew from its beginning', async () => {
    const bus = fakeBus()
    const fn = fakeFunction()
    subscribe(bus, fn.call)
    for (const n of upTo(30)) tick(bus, 'a', n)
    await vi.waitFor(() => expect(fn.taken.get('a')).toEqual(upTo(30)), LONG)
    const stream = bus.stream(SUBJECT)
    stream.identity = `${SUBJECT}@2`
    stream.messages.length = 0
    bus.interrupt()
    for (const n of upTo(5)) tick(bus, 'a', 30 + n)
    await vi.waitFor(() => expect(fn.taken.get('a')).toEqual(upTo(35)), LONG)
    await vi.waitFor(async () => expect(await noted()).toEqual([`${SUBJECT}@2`, 5]), LONG)
  })

  it('sets aside what belongs to no partition, with its bytes', async () => {
    const bus = fakeBus()
    const fn = fakeFunction()
    subscribe(bus, fn.call)
    bus.tick(SUBJECT, 'not json')
    bus.tick(SUBJECT, '{}')
    tick(bus, 'a', 1)
    await vi.waitFor(() => expect(fn.taken.get('a')).toEqual([1]), LONG)
    const dead = await deliveries(db.current)
    expect(dead.map(({ subscriber, state, original }) => [subscriber, state, String(original)])).toEqual(
      expect.arrayContaining([
        ['toys-sum', 'dead', 'not json'],
        ['toys-sum', 'dead', '{}'],
      ]),
    )
  })

  it('takes a done without progress for a failure', async () => {
    const bus = fakeBus()
    const results = [doneTo(0), { ...doneTo(0), position: undefined }] as CallResult[]
    const call = vi.fn(async () => results.shift() ?? doneTo(1))
    const { subscription } = subscribe(bus, call)
    tick(bus, 'a', 1)
    await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(2), LONG)
    await vi.waitFor(async () => expect((await subscription.pending())?.unacknowledged).toBe(0), LONG)
  })

  it('asks again when the bus was away, after seeing to it that all is there', async () => {
    const bus = fakeBus()
    bus.away = true
    const fn = fakeFunction()
    subscribe(bus, fn.call)
    tick(bus, 'a', 1)
    await vi.waitFor(() => expect(bus.ensured).toBeGreaterThan(0))
    bus.away = false
    await vi.waitFor(() => expect(fn.taken.get('a')).toEqual([1]), LONG)
  })
})
