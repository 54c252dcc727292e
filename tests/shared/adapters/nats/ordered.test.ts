import { jetstreamManager } from '@nats-io/jetstream'
import { describe, expect, it } from 'vitest'
import { BusGoneError } from '../../../../shared/adapters/nats/consumer.ts'
import { openOrdered } from '../../../../shared/adapters/nats/ordered.ts'
import { natsPublisher } from '../../../../shared/adapters/nats/publisher.ts'
import { ensureTopology } from '../../../../shared/adapters/nats/topology.ts'
import { NATS_SERVER_MISSING } from '../../../real/nats-server.ts'
import { collect, event, natsBench, toyTopology, until } from './fixture.ts'

const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `tick-${from + index}`)

describe.skipIf(NATS_SERVER_MISSING)(`reading a stream in order (${NATS_SERVER_MISSING ?? 'real'})`, () => {
  const bench = natsBench()

  async function prepared() {
    const [reader, writer] = await Promise.all([bench.connect(), bench.connect()])
    const toy = toyTopology()
    await ensureTopology(writer, toy)
    const publisher = natsPublisher(writer)
    const say = async (names: readonly string[], subject = toy.done) => {
      for (const name of names) await publisher.publish([event(name, subject)])
    }
    return { reader, writer, toy, say, plan: { stream: toy.stream, subject: toy.done } }
  }

  it('begins where it is told, hears its own subject only, and ends when stopped', async () => {
    const { reader, toy, say, plan } = await prepared()
    await say(ids(1, 3))
    await say(['other'], toy.seen)
    await say(ids(5, 6))
    const messages = openOrdered(reader, plan, { fromSequence: 2 })
    const seen: unknown[] = []
    for await (const { id, sequence, body } of messages) {
      seen.push([id, sequence])
      expect(JSON.parse(Buffer.from(body).toString()).id).toBe(id)
      if (sequence === 6) messages.stop()
    }
    expect(seen).toEqual([
      ['tick-2', 2],
      ['tick-3', 3],
      ['tick-5', 5],
      ['tick-6', 6],
    ])
  })

  it('leaves nothing out and repeats nothing while the server is killed under it', { timeout: 30_000 }, async () => {
    const { reader, say, plan, writer } = await prepared()
    const interruptions: Error[] = []
    const onInterruption = (failure: Error) => interruptions.push(failure)
    const messages = openOrdered(reader, plan, { fromSequence: 1, onInterruption })
    const seen: (string | undefined)[] = []
    const reading = (async () => {
      for await (const { id } of messages) seen.push(id)
    })()
    for (let round = 0; round < 3; round++) {
      await say(ids(round * 100 + 1, round * 100 + 60))
      const restarting = bench.server.kill().then(() => bench.server.start())
      await restarting
      await until(() =>
        writer.flush().then(
          () => true,
          () => false,
        ),
      )
      await say(ids(round * 100 + 61, round * 100 + 100))
    }
    await until(() => seen.length >= 300, 15_000)
    messages.stop()
    await reading
    expect(seen).toEqual(ids(1, 300))
    expect(interruptions.length).toBeGreaterThan(0)
  })

  it('goes on when the server forgot its consumer', async () => {
    const { reader, writer, say, plan } = await prepared()
    await say(ids(1, 2))
    const messages = openOrdered(reader, plan, { fromSequence: 1 })
    const manager = await jetstreamManager(writer)
    const seen: (string | undefined)[] = []
    const reading = (async () => {
      for await (const { id } of messages) seen.push(id)
    })()
    await until(() => seen.length === 2)
    const others = (await collect(manager.consumers.list(plan.stream))).filter((info) => !info.config.durable_name)
    expect(others).toHaveLength(1)
    await manager.consumers.delete(plan.stream, others[0].name)
    await say(ids(3, 4))
    await until(() => seen.length === 4)
    messages.stop()
    await reading
    expect(seen).toEqual(ids(1, 4))
    await until(async () => (await collect(manager.consumers.list(plan.stream))).length === 2)
  })

  it('ends with an error when its stream is gone, or was made anew and is shorter', async () => {
    const { reader, writer, toy, say, plan } = await prepared()
    await say(ids(1, 3))
    const manager = await jetstreamManager(writer)
    await manager.streams.delete(plan.stream)
    await expect(collect(openOrdered(reader, plan, { fromSequence: 1 }))).rejects.toThrow(BusGoneError)
    await ensureTopology(writer, toy)
    const late = collect(openOrdered(reader, plan, { fromSequence: 4 }))
    await expect(late).rejects.toThrow(/ends at 0, before 4: it was made anew/)
  })

  it('reads many quickly', async () => {
    const { reader, writer, toy, plan } = await prepared()
    const many = Array.from({ length: 3_000 }, (_, index) => event(`many-${index}`, toy.done))
    await natsPublisher(writer).publish(many)
    const messages = openOrdered(reader, plan, { fromSequence: 1 })
    const seen: (string | undefined)[] = []
    for await (const { id } of messages) if (seen.push(id) === many.length) messages.stop()
    expect(seen).toEqual(many.map(({ id }) => id))
  })
})
