import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { describe, expect, it } from 'vitest'
import { openConsumer } from '../../../../shared/adapters/nats/consumer.ts'
import { natsPublisher } from '../../../../shared/adapters/nats/publisher.ts'
import { ensureTopology } from '../../../../shared/adapters/nats/topology.ts'
import { openedSubject } from '../../../../shared/events/bus-subject.ts'
import { UnavailableError } from '../../../../shared/ports/errors.ts'
import { NATS_SERVER_MISSING } from '../../../real/nats-server.ts'
import { collect, event, natsBench, toyTopology, until } from './fixture.ts'

async function stored(connection: NatsConnection, stream: string): Promise<number> {
  const manager = await jetstreamManager(connection)
  return (await manager.streams.info(stream)).state.messages
}

describe.skipIf(NATS_SERVER_MISSING)(`publishing to JetStream (${NATS_SERVER_MISSING ?? 'real'})`, () => {
  const bench = natsBench()

  it('carries the event under its subject, with its id and its trace', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    await ensureTopology(connection, toy)
    const said = { ...event('e-1', toy.done), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
    await natsPublisher(connection).publish([said])

    const manager = await jetstreamManager(connection)
    const message = await manager.streams.getMessage(toy.stream, { seq: 1 })
    expect(message?.subject).toBe(toy.done)
    expect(message?.json()).toEqual(said)
    expect(message?.header.get('Nats-Msg-Id')).toBe('e-1')
    expect(message?.header.get('traceparent')).toBe(said.traceparent)
    expect(message?.header.get('content-type')).toBe('application/cloudevents+json')
  })

  it('sends a word of the runtime to the one it is meant for', async () => {
    const connection = await bench.connect()
    const subject = openedSubject('toy')
    await ensureTopology(connection, { streams: [{ name: 'edgefund-pipeline', subjects: [subject] }], consumers: [] })
    const data = { workflow: 'toy', key: '2024-01-05', revision: 1, params: {} }
    await natsPublisher(connection).publish([event('o-1', 'pipeline.run.opened', data)])
    expect(await stored(connection, 'edgefund-pipeline')).toBe(1)
  })

  it('publishes what is said again, though the server has had it a moment ago', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    await ensureTopology(connection, toy)
    const publisher = natsPublisher(connection)
    await publisher.publish([event('again', toy.done)])
    await publisher.publish([event('again', toy.done)])
    expect(await stored(connection, toy.stream)).toBe(1)
    await publisher.publish([event('again', toy.done)], { again: true })
    expect(await stored(connection, toy.stream)).toBe(2)
  })

  it('publishing twice is publishing once', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    await ensureTopology(connection, toy)
    const publisher = natsPublisher(connection)
    const events = Array.from({ length: 700 }, (_, index) => event(`twice-${index}`, toy.done))
    await Promise.all([publisher.publish(events), publisher.publish(events)])
    await publisher.publish(events.slice(0, 10))
    await publisher.publish([])
    expect(await stored(connection, toy.stream)).toBe(700)
  })

  it('refuses an event that is too large for the server with its sizes, and sends none of the others', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    await ensureTopology(connection, toy)
    const large = event('large', toy.done, { text: 'x'.repeat(1_100_000) })
    const failed = natsPublisher(connection).publish([event('small', toy.done), large])
    await expect(failed).rejects.toThrow(new RegExp(`Event large for ${toy.done} is 11\\d{5} bytes.* 1048576 at most`))
    await expect(failed).rejects.not.toBeInstanceOf(UnavailableError)
    expect(await stored(connection, toy.stream)).toBe(0)
  })

  it('a subject that no stream takes is waited for', async () => {
    const connection = await bench.connect()
    const failed = natsPublisher(connection).publish([event('lost', 'nobody.thing.done')])
    await expect(failed).rejects.toThrow(UnavailableError)
    await expect(failed).rejects.toThrow(/publish lost to nobody\.thing\.done: nobody answers/)
  })

  it('says that the bus is away at once while it is, and works again when it is back', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    await ensureTopology(connection, toy)
    const publisher = natsPublisher(connection)
    await bench.server.kill()
    const first = performance.now()
    await expect(publisher.publish([event('away-1', toy.done)])).rejects.toThrow(UnavailableError)
    expect(performance.now() - first).toBeLessThan(6_000)
    const second = performance.now()
    await expect(publisher.publish([event('away-2', toy.done)])).rejects.toThrow(/no connection to NATS/)
    expect(performance.now() - second).toBeLessThan(100)

    await bench.server.start()
    await until(() =>
      publisher.publish([event('back', toy.done)]).then(
        () => true,
        () => false,
      ),
    )
    const consumer = await openConsumer(connection, toy.consumers[0])
    const ids = (await collect(consumer.next(10, 1_000))).map(({ id }) => id)
    expect(ids.filter((id) => id === 'back')).toHaveLength(1)
  })

  it('loses nothing that was acknowledged when the server is killed in the middle', async () => {
    const connection = await bench.connect()
    const toy = toyTopology()
    await ensureTopology(connection, toy)
    const publisher = natsPublisher(connection)
    const acknowledged: string[] = []
    const said: string[] = []
    let killed = 0
    for (let round = 0; killed < 3 || round % 20 !== 0; round++) {
      const batch = Array.from({ length: 50 }, (_, index) => `kill-${round}-${index}`)
      said.push(...batch)
      const published = publisher.publish(batch.map((id) => event(id, toy.done))).then(
        () => acknowledged.push(...batch),
        (error) => expect(error).toBeInstanceOf(UnavailableError),
      )
      // The first batches of twenty go through; the last meets its end on the way.
      const struck = round % 20 === 19
      if (struck) await bench.server.kill().then(() => killed++)
      await published
      if (struck) {
        await bench.server.start()
        await until(() =>
          connection
            .flush()
            .then(() => true)
            .catch(() => false),
        )
      }
    }
    const manager = await jetstreamManager(connection)
    const { state } = await manager.streams.info(toy.stream)
    const kept = new Set<string>()
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage(toy.stream, { seq })
      const id = message?.header.get('Nats-Msg-Id') ?? ''
      expect(kept.has(id), `${id} is there twice`).toBe(false)
      kept.add(id)
    }
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
    expect([...kept].filter((id) => !said.includes(id))).toEqual([])
    expect(acknowledged.length).toBeGreaterThanOrEqual(57 * 50)
  })
})
