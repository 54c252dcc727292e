import { jetstreamManager } from '@nats-io/jetstream'
import { millis, type NatsConnection } from '@nats-io/transport-node'
import { describe, expect, it } from 'vitest'
import type { OrderedReader } from '../../../infra/bridge/bus.ts'
import { natsBus } from '../../../infra/bridge/nats-bus.ts'
import { natsPublisher } from '../../../shared/adapters/nats/publisher.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import { NATS_SERVER_MISSING } from '../../real/nats-server.ts'
import { event, natsBench, until } from '../../shared/adapters/nats/fixture.ts'

const PLAN = { stream: 'edgefund-toys-ephemeral', subject: 'toys.tick.seen' }
const TOPOLOGY = {
  streams: [{ name: PLAN.stream, subjects: [PLAN.subject], ephemeral: true as const }],
  consumers: [],
}

describe.skipIf(NATS_SERVER_MISSING)(`reading in order from JetStream (${NATS_SERVER_MISSING ?? 'real'})`, () => {
  const bench = natsBench()

  const open = async () => {
    const connection = await bench.connect()
    const bus = natsBus(connection, TOPOLOGY, 1)
    await bus.ensure()
    return { connection, bus }
  }
  const say = (connection: NatsConnection, ...ids: string[]) =>
    natsPublisher(connection).publish(ids.map((id) => event(id, PLAN.subject)))
  const next = async (reader: OrderedReader, count: number) => {
    const found: string[] = []
    for await (const { id, sequence } of reader.messages) {
      found.push(`${sequence} ${id}`)
      if (found.length === count) break
    }
    reader.stop()
    return found
  }

  it('keeps ticks for a day, and reads them from behind a place', async () => {
    const { connection, bus } = await open()
    const manager = await jetstreamManager(connection)
    expect(millis((await manager.streams.info(PLAN.stream)).config.max_age)).toBe(86_400_000)

    await say(connection, 'a', 'b', 'c')
    const reader = await bus.openOrdered(PLAN)
    expect(reader.stream).toMatch(/^edgefund-toys-ephemeral@\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
    expect([reader.behind, await reader.last()]).toEqual([0, 3])
    expect(await next(reader, 3)).toEqual(['1 a', '2 b', '3 c'])

    const behind = { stream: reader.stream, sequence: 2 }
    expect(await next(await bus.openOrdered(PLAN, behind), 1)).toEqual(['3 c'])

    // The same after a restart of the server.
    await bench.server.kill()
    await bench.server.start()
    await until(() => bus.connected())
    const again = await bus.openOrdered(PLAN, behind)
    expect([again.stream, again.behind]).toEqual([behind.stream, 2])
    expect(await next(again, 1)).toEqual(['3 c'])
  })

  it('begins anew with a stream that was made anew', async () => {
    const { connection, bus } = await open()
    const manager = await jetstreamManager(connection)
    await say(connection, 'd', 'e')
    const before = await bus.openOrdered(PLAN)
    const place = { stream: before.stream, sequence: await before.last() }
    const found: (string | undefined)[] = []
    const reading = (async () => {
      for await (const { id } of before.messages) found.push(id)
    })().catch((error) => expect(error).toBeInstanceOf(UnavailableError))
    await until(() => found.includes('e'))
    await manager.streams.delete(PLAN.stream)
    await expect(bus.openOrdered(PLAN, place)).rejects.toThrow(UnavailableError)
    await bus.ensure()
    await say(connection, ...Array.from({ length: 20 }, (_, i) => `f${i}`))
    // Reading ends, rather than go on in another stream.
    await reading
    expect(found.filter((id) => id?.startsWith('f'))).toEqual([])
    const after = await bus.openOrdered(PLAN, place)
    expect(after.stream > place.stream).toBe(true)
    expect(await next(after, 1)).toEqual(['1 f0'])
  })

  it('takes a stream that has lost its end for another one', async () => {
    const { connection, bus } = await open()
    const { stream } = await bus.openOrdered(PLAN)
    const last = await (await bus.openOrdered(PLAN)).last()
    const lost = await bus.openOrdered(PLAN, { stream, sequence: last + 5 })
    expect([lost.stream, lost.behind]).toEqual([`${stream}+`, last])
    await say(connection, 'g', 'h')
    expect(await next(lost, 1)).toEqual([`${last + 1} g`])
    // That is its name from now on, until it loses its end again.
    const on = await bus.openOrdered(PLAN, { stream: lost.stream, sequence: last + 1 })
    expect(on.stream).toBe(lost.stream)
    expect(await next(on, 1)).toEqual([`${last + 2} h`])
    expect((await bus.openOrdered(PLAN, { stream: lost.stream, sequence: last + 9 })).stream).toBe(`${stream}++`)
  })
})
