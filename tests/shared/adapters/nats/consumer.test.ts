import { jetstreamManager } from '@nats-io/jetstream'
import { describe, expect, it } from 'vitest'
import { BusGoneError, openConsumer } from '../../../../shared/adapters/nats/consumer.ts'
import { isConnected } from '../../../../shared/adapters/nats/link.ts'
import { natsPublisher } from '../../../../shared/adapters/nats/publisher.ts'
import { ensureTopology } from '../../../../shared/adapters/nats/topology.ts'
import { UnavailableError } from '../../../../shared/ports/errors.ts'
import { NATS_SERVER_MISSING } from '../../../real/nats-server.ts'
import { collect, event, natsBench, toyTopology, until } from './fixture.ts'

describe.skipIf(NATS_SERVER_MISSING)(`a consumer of JetStream (${NATS_SERVER_MISSING ?? 'real'})`, () => {
  const bench = natsBench()

  async function prepared(ids: readonly string[]) {
    const connection = await bench.connect()
    const toy = toyTopology()
    await ensureTopology(connection, toy)
    await natsPublisher(connection).publish(ids.map((id) => event(id, toy.done)))
    return { connection, toy, plan: toy.consumers[0], consumer: await openConsumer(connection, toy.consumers[0]) }
  }

  it('gives out what is there, in order, as it was said', async () => {
    const { consumer, toy } = await prepared(['a', 'b', 'c'])
    expect(await consumer.pending()).toEqual({ waiting: 3, unacknowledged: 0, redelivered: 0 })
    const [a, b] = await collect(consumer.next(2, 1_000))
    expect([a.id, a.subject, a.sequence, a.redeliveries]).toEqual(['a', toy.done, 1, 0])
    expect(JSON.parse(Buffer.from(b.body).toString())).toEqual(event('b', toy.done))
    await until(async () => (await consumer.pending()).unacknowledged === 2)
    a.ack()
    b.ack()
    await until(async () => (await consumer.pending()).unacknowledged === 0)
    expect((await collect(consumer.next(10, 1_000))).map(({ id }) => id)).toEqual(['c'])
  })

  it('gives out as soon as something comes, and ends when its time is over', async () => {
    const { consumer, connection, toy } = await prepared([])
    const started = performance.now()
    expect(await collect(consumer.next(5, 1))).toEqual([])
    expect(performance.now() - started).toBeGreaterThan(900)
    const coming = collect(consumer.next(1, 5_000))
    await natsPublisher(connection).publish([event('late', toy.done)])
    expect((await coming).map(({ id }) => id)).toEqual(['late'])
    expect(performance.now() - started).toBeLessThan(3_000)
    expect(await collect(consumer.next(0, 1_000))).toEqual([])
  })

  it('delivers again what is put off, after its delay, and counts', async () => {
    const { consumer } = await prepared(['again'])
    const [first] = await collect(consumer.next(1, 1_000))
    const started = performance.now()
    first.retry(400.4)
    const [second] = await collect(consumer.next(1, 5_000))
    expect(performance.now() - started).toBeGreaterThan(350)
    expect([second.id, second.redeliveries, second.sequence]).toEqual(['again', 1, first.sequence])
    second.retry(0)
    const [third] = await collect(consumer.next(1, 5_000))
    expect(third.redeliveries).toBe(2)
  })

  it('never delivers again what is given up', async () => {
    const { consumer } = await prepared(['poison', 'next'])
    const [poison, next] = await collect(consumer.next(2, 1_000))
    poison.giveUp('not an event:\r\n{"broken"')
    next.ack()
    await until(async () => (await consumer.pending()).unacknowledged === 0)
    expect(await collect(consumer.next(2, 1_000))).toEqual([])
  })

  it('keeps a message from others for as long as its holder is at work', async () => {
    const { connection, toy, plan } = await prepared(['slow'])
    const manager = await jetstreamManager(connection)
    await manager.consumers.update(toy.stream, plan.name, { ack_wait: 700_000_000 })
    const consumer = await openConsumer(connection, plan)
    const [slow] = await collect(consumer.next(1, 1_000))
    const working = setInterval(() => slow.stillWorking(), 200)
    expect(await collect(consumer.next(1, 1_500))).toEqual([])
    clearInterval(working)
    const [taken] = await collect(consumer.next(1, 3_000))
    expect([taken.id, taken.redeliveries]).toEqual(['slow', 1])
  })

  it('ends when aborted, with what had come by then', async () => {
    const { consumer } = await prepared(['1', '2', '3'])
    const abort = new AbortController()
    const seen: (string | undefined)[] = []
    for await (const { id, ack } of consumer.next(10, 5_000, abort.signal)) {
      seen.push(id)
      ack()
      if (id === '3') abort.abort()
    }
    expect(seen).toEqual(['1', '2', '3'])
    expect(await collect(consumer.next(1, 1_000, abort.signal))).toEqual([])

    const waiting = new AbortController()
    const started = performance.now()
    setTimeout(() => waiting.abort(), 100)
    expect(await collect(consumer.next(1, 5_000, waiting.signal))).toEqual([])
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('says that it must be made again when it, or its stream, is gone', async () => {
    const { connection, toy, plan, consumer } = await prepared([])
    const manager = await jetstreamManager(connection)
    const reading = collect(consumer.next(1, 5_000)).catch((error) => error)
    await until(async () => (await manager.consumers.info(toy.stream, plan.name)).num_waiting === 1)
    await manager.consumers.delete(toy.stream, plan.name)
    expect(await reading).toBeInstanceOf(BusGoneError)
    await expect(collect(consumer.next(1, 1_000))).rejects.toThrow(BusGoneError)
    await expect(consumer.pending()).rejects.toThrow(BusGoneError)
    await expect(openConsumer(connection, plan)).rejects.toThrow(
      `Consumer ${plan.name} of stream ${toy.stream} does not exist`,
    )
    await manager.streams.delete(toy.stream)
    await expect(openConsumer(connection, plan)).rejects.toThrow(BusGoneError)
    await expect(collect(consumer.next(1, 1_000))).rejects.toThrow(BusGoneError)

    await ensureTopology(connection, toy)
    expect(await collect(consumer.next(1, 1_000))).toEqual([])
  })

  it('says that the bus is away while it is, and goes on when it is back', async () => {
    const { connection, consumer } = await prepared(['a', 'b'])
    const [a] = await collect(consumer.next(1, 1_000))
    const reading = collect(consumer.next(5, 30_000)).catch((error) => error)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await bench.server.kill()
    const error = await reading
    expect(error).toBeInstanceOf(UnavailableError)
    expect(error).not.toBeInstanceOf(BusGoneError)
    a.ack()
    await expect(collect(consumer.next(1, 1_000))).rejects.toThrow(/no connection to NATS/)
    await bench.server.start()
    await until(() => isConnected(connection))
    expect(await collect(consumer.next(1, 1_000))).toEqual([])
    const { unacknowledged } = await consumer.pending()
    expect(unacknowledged).toBeGreaterThanOrEqual(1)
  })
})
