import { fileURLToPath } from 'node:url'
import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { beforeAll, describe, expect, it } from 'vitest'
import { openConsumer } from '../../../../shared/adapters/nats/consumer.ts'
import { natsFailure } from '../../../../shared/adapters/nats/failure.ts'
import { holdLease } from '../../../../shared/adapters/nats/lease.ts'
import { natsPublisher } from '../../../../shared/adapters/nats/publisher.ts'
import { BRIDGE_BUCKET, ensureTopology } from '../../../../shared/adapters/nats/topology.ts'
import type { BusTopology } from '../../../../shared/ports/bus.ts'
import { UnavailableError } from '../../../../shared/ports/errors.ts'
import { NATS_SERVER_MISSING, startNatsServer } from '../../../real/nats-server.ts'
import { collect, event, natsBench, until } from './fixture.ts'

const config = fileURLToPath(new URL('../../../../infra/nats/nats-server.conf', import.meta.url))
const PASSWORDS = { functions: 'pFunctions1', bridge: 'pBridge2', admin: 'pAdmin3' }
const environment = {
  EDGEFUND_NATS_FUNCTIONS_PASSWORD: PASSWORDS.functions,
  EDGEFUND_NATS_BRIDGE_PASSWORD: PASSWORDS.bridge,
  EDGEFUND_NATS_ADMIN_PASSWORD: PASSWORDS.admin,
}
type Role = keyof typeof PASSWORDS

const DONE = 'ingestion.bars.stored'
const TOPOLOGY: BusTopology = {
  streams: [
    { name: 'edgefund-ingestion', subjects: [DONE, 'ingestion.bars.fetched'] },
    { name: 'edgefund-pipeline', subjects: ['pipeline.run.ended'] },
  ],
  consumers: [{ name: 'ingestion-archive-bars', stream: 'edgefund-ingestion', subject: DONE }],
}

describe.skipIf(NATS_SERVER_MISSING)(`the users of the cluster's NATS (${NATS_SERVER_MISSING ?? 'real'})`, () => {
  const bench = natsBench(() => ({ config, environment }))
  const as = (role: Role, password: string = PASSWORDS[role]) =>
    bench.connect({ url: bench.server.url.replace('nats://', `nats://${role}:${password}@`), waitMs: 1_000 })

  beforeAll(async () => {
    const admin = await as('admin')
    await ensureTopology(admin, TOPOLOGY)
    await admin.close()
  })

  /** Why the server refuses to let this connection listen to a subject; undefined when it does let it. */
  async function refusalToHear(connection: NatsConnection, subject: string): Promise<string | undefined> {
    const subscription = connection.subscribe(subject)
    const ended = (async () => {
      for await (const _ of subscription);
    })().then(
      () => undefined,
      (error) => natsFailure('listen', error).message,
    )
    await connection.flush()
    await connection.flush()
    subscription.unsubscribe()
    return ended
  }

  async function refused(work: Promise<unknown>): Promise<string> {
    const started = performance.now()
    const error = await work.then(
      () => undefined,
      (reason) => natsFailure('try', reason),
    )
    expect(error).toBeInstanceOf(UnavailableError)
    expect(performance.now() - started).toBeLessThan(1_500)
    return error?.message ?? ''
  }

  it('functions publish the events of every room', async () => {
    const functions = await as('functions')
    await natsPublisher(functions).publish([event('r-1', DONE), event('r-2', 'pipeline.run.ended')])
  })

  it('functions can do nothing else', async () => {
    const functions = await as('functions')
    const publisher = natsPublisher(functions)
    expect(await refused(publisher.publish([event('x', 'other.thing.done')]))).toMatch(
      /does not allow this user to publish to "other\.thing\.done"/,
    )
    expect(await refused(ensureTopology(functions, TOPOLOGY))).toContain('$JS.API.INFO')
    expect(await refused(openConsumer(functions, TOPOLOGY.consumers[0]))).toContain('$JS.API.CONSUMER.INFO')
    const [lease] = [`$KV.${BRIDGE_BUCKET}.leader`]
    expect(await refused(functions.request(lease, '', { timeout: 1_000 }))).toContain(lease)
    for (const subject of ['>', DONE, '_INBOX.>', '_INBOX_bridge.>', '_INBOX_admin.>', '$KV.>', '$JS.EVENT.>']) {
      expect(await refusalToHear(functions, subject)).toContain('does not allow this user to listen')
    }
  })

  it('the bridge prepares, reads, acknowledges, publishes and holds its lease', async () => {
    const bridge = await as('bridge')
    const more = { name: 'ingestion-check', stream: 'edgefund-ingestion', subject: 'ingestion.bars.fetched' }
    const grown: BusTopology = {
      streams: [...TOPOLOGY.streams, { name: 'edgefund-universe', subjects: ['universe.stocks.ranked'] }],
      consumers: [...TOPOLOGY.consumers, more],
    }
    await ensureTopology(bridge, grown)
    await ensureTopology(bridge, TOPOLOGY, { prune: true })
    await natsPublisher(bridge).publish([event('b-1', DONE)])
    const consumer = await openConsumer(bridge, TOPOLOGY.consumers[0])
    const messages = await collect(consumer.next(10, 1_000))
    expect(messages.map(({ id }) => id)).toContain('b-1')
    const [first, ...rest] = messages
    first.stillWorking()
    for (const message of [first, ...rest]) message.ack()
    await until(async () => (await consumer.pending()).unacknowledged === 0)

    const options = { bucket: BRIDGE_BUCKET, key: 'leader', ttlMs: 900, onChange: () => {} }
    const lease = holdLease(bridge, { ...options, owner: 'bridge-1' })
    await until(() => lease.held())
    await lease.stop()
    const next = holdLease(bridge, { ...options, owner: 'bridge-2' })
    await until(() => next.held(), 500)
    await next.stop()
  })

  it('the bridge deletes no stream and no message, and hears nobody else', async () => {
    const bridge = await as('bridge')
    const manager = await jetstreamManager(bridge)
    expect(await refused(manager.streams.delete('edgefund-ingestion'))).toContain('$JS.API.STREAM.DELETE')
    expect(await refused(manager.streams.purge('edgefund-ingestion'))).toContain('$JS.API.STREAM.PURGE')
    expect(await refused(manager.streams.deleteMessage('edgefund-ingestion', 1))).toContain('$JS.API.STREAM.MSG.DELETE')
    expect(await refused(natsPublisher(bridge).publish([event('x', 'other.thing.done')]))).toContain('other.thing.done')
    for (const subject of ['>', DONE, '_INBOX.>', '_INBOX_functions.>', '$KV.>']) {
      expect(await refusalToHear(bridge, subject)).toContain('does not allow this user to listen')
    }
  })

  it('the administrator sets up and cleans up, and says no events', async () => {
    const admin = await as('admin')
    await ensureTopology(admin, TOPOLOGY, { prune: true, leaseTtlMs: 15_000 })
    const manager = await jetstreamManager(admin)
    await manager.streams.add({ name: 'edgefund-spare', subjects: ['universe.spare.made'] })
    await manager.streams.delete('edgefund-spare')
    expect(await refused(natsPublisher(admin).publish([event('x', DONE)]))).toContain(DONE)
    expect(await refusalToHear(admin, DONE)).toContain('does not allow')
    expect(await refusalToHear(admin, '_INBOX_bridge.>')).toContain('does not allow')
  })

  it('nobody else comes in, and the refusal names the server but no password', async () => {
    const strangers = [
      () => bench.connect({ waitMs: 0 }),
      () => as('bridge', 'pWrong'),
      () => as('functions', PASSWORDS.admin),
    ]
    for (const connect of strangers) {
      const error = await connect().then(
        () => undefined,
        (reason) => reason as Error,
      )
      expect(error).toBeInstanceOf(UnavailableError)
      expect(error?.message).toContain(`127.0.0.1:${bench.server.port}`)
      expect(error?.message).toContain('refuses the user or the password')
      expect(error?.message).not.toMatch(/pWrong|pAdmin/)
    }
  })

  it('does not start without a password', async () => {
    const { EDGEFUND_NATS_ADMIN_PASSWORD: _, ...rest } = environment
    await expect(startNatsServer({ config, environment: rest })).rejects.toThrow(/EDGEFUND_NATS_ADMIN_PASSWORD/)
  })
})
