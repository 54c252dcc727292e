import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { afterEach, describe, expect, it } from 'vitest'
import { openBucket } from '../../../../shared/adapters/nats/bucket.ts'
import { holdLease, type Lease, type LeaseOptions } from '../../../../shared/adapters/nats/lease.ts'
import type { LeaseStore } from '../../../../shared/adapters/nats/lease-store.ts'
import { NATS_SERVER_MISSING } from '../../../real/nats-server.ts'
import { natsBench, until } from './fixture.ts'

const TTL_MS = 1_000
let buckets = 0

describe.skipIf(NATS_SERVER_MISSING)(`a lease in NATS (${NATS_SERVER_MISSING ?? 'real'})`, () => {
  const bench = natsBench()
  let leases: Lease[] = []
  afterEach(async () => {
    await Promise.all(leases.map((lease) => lease.stop()))
    leases = []
  })

  /** Holders of one lease that write down when each had it. */
  function house(key = 'leader') {
    const bucket = `edgefund-test-${++buckets}`
    const spans: { owner: string; from: number; to: number }[] = []
    const take = (connection: NatsConnection, owner: string, more: Partial<LeaseOptions> = {}) => {
      let from: number | undefined
      const onChange = (held: boolean) => {
        if (held) from = performance.now()
        else if (from !== undefined) spans.push({ owner, from, to: performance.now() })
      }
      const lease = holdLease(connection, { bucket, key, owner, ttlMs: TTL_MS, onChange, ...more })
      leases.push(lease)
      return lease
    }
    return { bucket, spans, take }
  }

  /** Lets the renewals of a holder hang, as those of a process that is stopped or cut off. */
  function stall() {
    const state = { stalled: false }
    const through = (store: LeaseStore): LeaseStore => ({
      ...store,
      async claim(revision) {
        if (!state.stalled) return store.claim(revision)
        await until(() => !state.stalled, 20_000)
        throw new Error('stalled')
      },
    })
    return { state, through }
  }

  function expectNoOverlap(spans: readonly { owner: string; from: number; to: number }[]) {
    const sorted = spans.toSorted((a, b) => a.from - b.from)
    for (let index = 1; index < sorted.length; index++) {
      expect(sorted[index].from, JSON.stringify(sorted)).toBeGreaterThanOrEqual(sorted[index - 1].to)
    }
  }

  it('is held by one, kept far beyond its time to live, and given over at once when its holder stops', async () => {
    const [one, two] = await Promise.all([bench.connect(), bench.connect()])
    const { take, spans } = house()
    const first = take(one, 'first')
    await until(() => first.held())
    const second = take(two, 'second')
    const end = performance.now() + 2_500
    while (performance.now() < end) {
      expect([first.held(), second.held()]).toEqual([true, false])
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const given = performance.now()
    await first.stop()
    expect(first.held()).toBe(false)
    await until(() => second.held())
    expect(performance.now() - given).toBeLessThan(TTL_MS / 2)
    await second.stop()
    expect(spans.map(({ owner }) => owner)).toEqual(['first', 'second'])
    expectNoOverlap(spans)
  })

  it('is taken over when its holder dies, not before it has run out', async () => {
    const [one, two] = await Promise.all([bench.connect(), bench.connect()])
    const { take, spans } = house()
    const { state, through } = stall()
    const first = take(one, 'first', { through })
    await until(() => first.held())
    const second = take(two, 'second')
    state.stalled = true
    const stalled = performance.now()
    await until(() => !first.held())
    expect(second.held()).toBe(false)
    await until(() => second.held())
    expect(performance.now() - stalled).toBeLessThan(TTL_MS * 2)
    expect(performance.now() - stalled).toBeGreaterThan(TTL_MS * 0.6)

    // The old holder comes back to find it taken.
    state.stalled = false
    await new Promise((resolve) => setTimeout(resolve, TTL_MS))
    expect([first.held(), second.held()]).toEqual([false, true])
    await second.stop()
    await until(() => first.held())
    await first.stop()
    expect(spans.map(({ owner }) => owner)).toEqual(['first', 'second', 'first'])
    expectNoOverlap(spans)
  })

  it('counts as lost when time has jumped, before anybody says so', async () => {
    const connection = await bench.connect()
    const { take } = house()
    let asleep = 0
    const lease = take(connection, 'sleeper', { now: () => performance.now() + asleep })
    await until(() => lease.held())
    asleep = TTL_MS
    expect(lease.held()).toBe(false)
    await until(() => lease.held())
  })

  it('finds its own claim again when only the answer to it was lost', async () => {
    const connection = await bench.connect()
    const { take, spans } = house()
    let lose = false
    const lease = take(connection, 'unlucky', {
      through: (store) => ({
        ...store,
        async claim(revision) {
          const written = await store.claim(revision)
          if (!lose) return written
          lose = false
          throw new Error('the answer was lost')
        },
      }),
    })
    await until(() => lease.held())
    for (let round = 0; round < 3; round++) {
      lose = true
      await until(() => !lose)
    }
    await new Promise((resolve) => setTimeout(resolve, TTL_MS))
    expect(lease.held()).toBe(true)
    expect(spans).toEqual([])
  })

  it('is lost while NATS is away, and held again after', async () => {
    const [one, two] = await Promise.all([bench.connect(), bench.connect()])
    const { take, spans } = house()
    const both = [take(one, 'first'), take(two, 'second')]
    await until(() => both.some((lease) => lease.held()))
    await bench.server.kill()
    await until(() => both.every((lease) => !lease.held()), TTL_MS * 1.5)
    await bench.server.start()
    await until(() => both.some((lease) => lease.held()), TTL_MS * 6)
    await Promise.all(both.map((lease) => lease.stop()))
    expectNoOverlap(spans)
  })

  it('outlives its bucket: a lost one is made again, and nobody takes the lease before the old holder has let go', async () => {
    const [one, two] = await Promise.all([bench.connect(), bench.connect()])
    const { take, spans, bucket } = house()
    const first = take(one, 'first')
    await until(() => first.held())
    const manager = await jetstreamManager(two)
    await manager.streams.delete(`KV_${bucket}`)
    const second = take(two, 'second')
    await until(() => !first.held(), TTL_MS * 2)
    await until(() => first.held() || second.held(), TTL_MS * 3)
    await Promise.all([first.stop(), second.stop()])
    expect(spans.length).toBeGreaterThanOrEqual(2)
    expectNoOverlap(spans)
  })

  it('two that find no bucket make one, and one whose values never vanish is mended', async () => {
    const connection = await bench.connect()
    const manager = await jetstreamManager(connection)
    for (let round = 0; round < 5; round++) {
      const bucket = `edgefund-raced-${round}`
      const made = await Promise.all([900, 800, 900].map((ttlMs) => openBucket(manager, bucket, ttlMs)))
      expect(new Set(made.map(({ ttlMs }) => ttlMs)).size).toBe(1)
    }
    await manager.streams.add({ name: 'KV_edgefund-eternal', subjects: ['$KV.edgefund-eternal.>'], max_age: 0 })
    expect(await openBucket(manager, 'edgefund-eternal', 130_000)).toEqual({ ttlMs: 130_000, untouched: true })
    expect((await openBucket(manager, 'edgefund-eternal', 15_000)).ttlMs).toBe(130_000)
  })
})
