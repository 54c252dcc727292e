import { AckPolicy, jetstreamManager } from '@nats-io/jetstream'
import { millis } from '@nats-io/transport-node'
import { describe, expect, it } from 'vitest'
import { openConsumer } from '../../../../shared/adapters/nats/consumer.ts'
import { natsPublisher } from '../../../../shared/adapters/nats/publisher.ts'
import { BRIDGE_BUCKET, type Change, ensureTopology } from '../../../../shared/adapters/nats/topology.ts'
import type { BusTopology } from '../../../../shared/ports/bus.ts'
import { NATS_SERVER_MISSING } from '../../../real/nats-server.ts'
import { collect, event, natsBench, toyTopology } from './fixture.ts'

/** What became of the streams and consumers of one stream. */
function of(changes: readonly Change[], stream: string): string[] {
  const mine = changes.filter(({ name }) => name === stream || name.startsWith(`${stream}/`))
  return mine.map(({ name, action }) => `${action} ${name}`)
}

describe.skipIf(NATS_SERVER_MISSING)(`the topology on JetStream (${NATS_SERVER_MISSING ?? 'real'})`, () => {
  const bench = natsBench()

  it('is made as planned, and then kept', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    const [on] = toy.consumers
    expect(of(await ensureTopology(connection, toy), toy.stream)).toEqual([
      `create ${toy.stream}`,
      ...toy.consumers.map(({ name }) => `create ${toy.stream}/${name}`),
    ])
    const again = await ensureTopology(connection, toy)
    expect(of(again, toy.stream).every((change) => change.startsWith('keep'))).toBe(true)

    const manager = await jetstreamManager(connection)
    const { config } = await manager.streams.info(toy.stream)
    expect(config).toMatchObject({
      subjects: [toy.done, toy.seen],
      storage: 'file',
      retention: 'limits',
      discard: 'old',
    })
    expect([millis(config.max_age), millis(config.duplicate_window)]).toEqual([14 * 86_400_000, 120_000])
    expect((await manager.consumers.info(toy.stream, on.name)).config).toMatchObject({
      durable_name: on.name,
      filter_subject: on.subject,
      ack_policy: 'explicit',
      deliver_policy: 'all',
      max_deliver: -1,
      max_ack_pending: 1_000,
      ack_wait: 30_000_000_000,
    })
    const bucket = (await manager.streams.info(`KV_${BRIDGE_BUCKET}`)).config
    expect([millis(bucket.max_age), bucket.max_msgs_per_subject, bucket.storage]).toEqual([15_000, 1, 'file'])
  })

  it('a dry run says everything and changes nothing', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    const plan = await ensureTopology(connection, toy, { dryRun: true })
    expect(of(plan, toy.stream)).toHaveLength(3)
    const manager = await jetstreamManager(connection)
    await expect(manager.streams.info(toy.stream)).rejects.toThrow(/not found/)

    await ensureTopology(connection, toy)
    const smaller: BusTopology = {
      streams: [{ name: toy.stream, subjects: [toy.seen] }],
      consumers: [toy.consumers[1]],
    }
    const dry = await ensureTopology(connection, smaller, { dryRun: true, prune: true, leaseTtlMs: 4_000 })
    expect(of(await ensureTopology(connection, toy), toy.stream).every((change) => change.startsWith('keep'))).toBe(
      true,
    )
    const real = await ensureTopology(connection, smaller, { prune: true, leaseTtlMs: 4_000 })
    expect(dry).toEqual(real)
    expect(of(real, toy.stream)).toEqual([
      `update ${toy.stream}`,
      `keep ${toy.stream}/${toy.consumers[1].name}`,
      `obsolete ${toy.stream}/${toy.consumers[0].name}`,
    ])
    expect(millis((await manager.streams.info(`KV_${BRIDGE_BUCKET}`)).config.max_age)).toBe(4_000)
  })

  it('two at once harm each other in nothing', async () => {
    const [one, two] = await Promise.all([bench.connect(), bench.connect()])
    for (let round = 0; round < 5; round++) {
      const toy = toyTopology()
      await Promise.all([one, two, one].map((connection) => ensureTopology(connection, toy)))
      const changes = of(await ensureTopology(one, toy), toy.stream)
      expect(changes.every((change) => change.startsWith('keep'))).toBe(true)
      expect(changes).toHaveLength(3)
      const turned = { ...toy, consumers: [{ ...toy.consumers[0], subject: toy.seen }] }
      await Promise.all([one, two].map((connection) => ensureTopology(connection, turned, { prune: true })))
      expect(of(await ensureTopology(one, turned), toy.stream).every((change) => change.startsWith('keep'))).toBe(true)
    }
  })

  it('a consumer that no step answers to is reported, and deleted only when asked', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    await ensureTopology(connection, toy)
    await natsPublisher(connection).publish([event('obsolete-1', toy.done)])
    const less = { ...toy, consumers: [toy.consumers[1]] }
    const obsolete = `obsolete ${toy.stream}/${toy.consumers[0].name}`
    expect(of(await ensureTopology(connection, less), toy.stream)).toContain(obsolete)
    const pruned = await ensureTopology(connection, less, { prune: true })
    expect(pruned.find(({ name }) => name.endsWith(toy.consumers[0].name))?.detail).toBe(
      '1 waiting, 0 under way, deleted',
    )
    expect(of(await ensureTopology(connection, less), toy.stream)).not.toContain(obsolete)
  })

  it('a consumer whose subject changed hears the new one from its beginning, and the old one no more', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    const [on] = toy.consumers
    await ensureTopology(connection, { ...toy, consumers: [on] })
    await natsPublisher(connection).publish([event('f-1', toy.done), event('f-2', toy.done), event('f-3', toy.seen)])
    const before = await openConsumer(connection, on)
    const [held] = await collect(before.next(1, 1_000))
    held.retry(0)

    const turned = { ...on, subject: toy.seen }
    const changes = await ensureTopology(connection, { ...toy, consumers: [turned] })
    expect(changes.find(({ kind }) => kind === 'consumer')?.detail).toBe(`filter_subject ${toy.done} -> ${toy.seen}`)
    const after = await openConsumer(connection, turned)
    expect((await collect(after.next(10, 1_000))).map(({ id }) => id)).toEqual(['f-3'])
  })

  it('settings that were changed by hand are put right', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    const manager = await jetstreamManager(connection)
    await manager.streams.add({ name: toy.stream, subjects: [toy.done], max_age: 60_000_000_000 })
    await manager.consumers.add(toy.stream, {
      durable_name: toy.consumers[0].name,
      filter_subject: toy.done,
      ack_policy: AckPolicy.Explicit,
      ack_wait: 5_000_000_000,
      max_deliver: 3,
    })
    const changes = await ensureTopology(connection, toy)
    expect(changes.find(({ name }) => name === toy.stream)?.detail).toContain(`+${toy.seen}`)
    expect(of(changes, toy.stream)[1]).toBe(`update ${toy.stream}/${toy.consumers[0].name}`)
    const again = await ensureTopology(connection, toy)
    expect(of(again, toy.stream).every((change) => change.startsWith('keep'))).toBe(true)
  })

  it('a subject moves from one stream to another, even the last one a stream has', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    await ensureTopology(connection, toy)
    await natsPublisher(connection).publish([event('m-1', toy.done)])
    const other = `${toy.stream}-other`
    const half: BusTopology = {
      streams: [
        { name: other, subjects: [toy.done] },
        { name: toy.stream, subjects: [toy.seen] },
      ],
      consumers: [{ ...toy.consumers[0], stream: other }, toy.consumers[1]],
    }
    await ensureTopology(connection, half)
    await natsPublisher(connection).publish([event('m-2', toy.done)])
    const whole: BusTopology = {
      streams: [{ name: other, subjects: [toy.done, toy.seen] }],
      consumers: toy.consumers.map((plan) => ({ ...plan, stream: other })),
    }
    const changes = await ensureTopology(connection, whole, { prune: true })
    expect(changes.find(({ name }) => name === toy.stream)).toMatchObject({
      action: 'obsolete',
      detail: 'holds 1 events',
    })
    await natsPublisher(connection).publish([event('m-3', toy.seen)])
    const manager = await jetstreamManager(connection)
    expect((await manager.streams.info(other)).state.messages).toBe(2)
    // And back again: what the first stream kept is still there.
    await ensureTopology(connection, toy)
    expect((await manager.streams.info(toy.stream)).state.messages).toBe(1)
  })
})
