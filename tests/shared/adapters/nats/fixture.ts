import type { NatsConnection } from '@nats-io/transport-node'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type NatsOptions, openNats } from '../../../../shared/adapters/nats/connect.ts'
import type { Envelope } from '../../../../shared/events/envelope.ts'
import type { BusTopology } from '../../../../shared/ports/bus.ts'
import { type NatsServer, type NatsServerOptions, startNatsServer } from '../../../real/nats-server.ts'

export interface Bench {
  readonly server: NatsServer
  /** A connection that is closed after the test. */
  connect(options?: Partial<NatsOptions>): Promise<NatsConnection>
}

/** A server for a test file; it runs again before each test, whatever the one before did to it. */
export function natsBench(options: () => NatsServerOptions = () => ({})): Bench {
  let server: NatsServer
  let connections: NatsConnection[] = []
  beforeAll(async () => {
    server = await startNatsServer(options())
  })
  afterEach(async () => {
    const closing = connections
    connections = []
    await Promise.all(closing.map((connection) => connection.close()))
    if (server.pid() === undefined) await server.start()
  })
  afterAll(() => server?.remove())
  return {
    get server() {
      return server
    },
    async connect(given = {}) {
      const connection = await openNats({ url: server.url, name: 'test', waitMs: 2_000, ...given })
      connections.push(connection)
      return connection
    },
  }
}

export function event(id: string, type = 'toy.thing.done', data: unknown = { id }): Envelope {
  return {
    specversion: '1.0',
    id,
    source: 'toy-do',
    type,
    time: '2024-01-05T00:00:00.000Z',
    datacontenttype: 'application/json',
    data,
    runid: 'run-1',
  }
}

let count = 0

/** A stream of its own with two subjects and a consumer of each, so that tests do not meet. */
export function toyTopology(): BusTopology & { readonly done: string; readonly seen: string; readonly stream: string } {
  const room = `toy${++count}`
  const stream = `edgefund-${room}`
  const [done, seen] = [`${room}.thing.done`, `${room}.thing.seen`]
  return {
    done,
    seen,
    stream,
    streams: [{ name: stream, subjects: [done, seen] }],
    consumers: [
      { name: `${room}-on-done`, stream, subject: done },
      { name: `${room}-on-seen`, stream, subject: seen },
    ],
  }
}

export async function until(condition: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Not so within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
