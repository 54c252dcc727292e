import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { steps } from '../../../functions/index.ts'
import { openNats } from '../../../shared/adapters/nats/connect.ts'
import { openConsumer } from '../../../shared/adapters/nats/consumer.ts'
import { ensureTopology } from '../../../shared/adapters/nats/topology.ts'
import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import { prepareBucket } from '../../../shared/adapters/s3/prepare.ts'
import type { StepDatabase } from '../../../shared/ports/database.ts'
import { migrate, readMigrations } from '../../../shared/runtime/migrations.ts'
import { createRegistry } from '../../../shared/runtime/registry.ts'
import { topologyOf } from '../../../shared/runtime/topology.ts'
import { makeDatabase } from '../../make-database.ts'
import { type CephServer, startCephServer } from '../../real/ceph-server.ts'
import { type FunctionProcess, startFunction } from '../../real/function-process.ts'
import { type NatsServer, startNatsServer } from '../../real/nats-server.ts'
import { missingParts } from '../../real/parts.ts'
import { TEST_DATABASE_URL } from '../../shared/runtime/test-database.ts'
import { builtBundles } from '../build/built-bundles.ts'
import { cloudEvent, post } from './calls.ts'

const missing = missingParts('postgresql', 'nats', 's3')

describe.skipIf(missing)(`bundles on real servers${missing ? ` (${missing})` : ''}`, () => {
  let made: Awaited<ReturnType<typeof makeDatabase>>
  let database: StepDatabase
  let nats: NatsServer
  let ceph: CephServer
  let env: Record<string, string>
  let fn: FunctionProcess
  beforeAll(async () => {
    made = await makeDatabase(TEST_DATABASE_URL as string)
    database = openDatabase({ url: made.url })
    await migrate(database, await readMigrations(new URL('../../../sql/migrations/', import.meta.url)))
    ;[nats, ceph] = await Promise.all([startNatsServer(), startCephServer({ store: 'memstore' })])
    const { endpoint, region, accessKey, secretKey } = ceph
    await prepareBucket({ endpoint, region, bucket: 'edgefund', accessKey, secretKey })
    env = {
      DATABASE_URL: made.url,
      NATS_URL: nats.url,
      S3_ENDPOINT: endpoint,
      S3_REGION: region,
      S3_ACCESS_KEY: accessKey,
      S3_SECRET_KEY: secretKey,
    }
    fn = await startFunction({ folder: join(await builtBundles(), 'folded/ingestion'), env })
  })
  afterAll(async () => {
    await fn?.kill()
    await nats?.remove()
    await ceph?.wipe()
    await database?.close()
    await made?.drop()
  })

  const windowOpened = (id: string) =>
    cloudEvent('ingestion.window.opened', id, {
      window: { id: 'w1', interval: '1d', from: '2024-03-04', to: '2024-03-05' },
      provider: { name: 'simulated' },
      symbols: ['AAPL'],
    })
  const said = async (cause: string) => {
    const [row] = await database.read<{ event_id: string; subject: string; data: unknown; published_at: Date | null }>(
      'select event_id, subject, data, published_at from pipeline.trail where cause = $1',
      [cause],
    )
    return row
  }

  it('what a step says is on the bus when it answers, and its objects are in S3', async () => {
    const connection = await openNats({ url: nats.url, name: 'test' })
    try {
      const topology = topologyOf(createRegistry(steps))
      await ensureTopology(connection, topology)
      const first = await post(`${fn.url}/ingestion-fetch-corporate-actions`, windowOpened('on-the-bus'))
      expect(first).toMatchObject({ status: 200, outcome: 'done' })
      const actions = await said('on-the-bus')
      expect(actions.published_at).toBeInstanceOf(Date)

      const plan = topology.consumers.find(({ name }) => name === 'ingestion-fetch-bars')
      const consumer = await openConsumer(connection, plan!)
      for await (const message of consumer.next(1, 2_000)) {
        expect(message.id).toBe(actions.event_id)
        // What the bus carries is what the next step takes.
        const next = await post(`${fn.url}/ingestion-fetch-bars`, Buffer.from(message.body))
        expect(next).toMatchObject({ status: 200, outcome: 'done' })
        message.ack()
      }
      const bars = await said(actions.event_id)
      expect(bars).toMatchObject({ subject: 'ingestion.bars.fetched', published_at: expect.any(Date) })
      const validated = await post(
        `${fn.url}/ingestion-validate-bars`,
        cloudEvent('ingestion.bars.fetched', bars.event_id, bars.data),
      )
      expect(validated).toMatchObject({ status: 200, outcome: 'done' })
    } finally {
      await connection.close()
    }
  })

  it('objects that are away are waited for', async () => {
    const first = await post(`${fn.url}/ingestion-fetch-corporate-actions`, windowOpened('away'))
    expect(first).toMatchObject({ status: 200 })
    const { event_id, subject, data } = await said('away')
    const fetchBars = () => post(`${fn.url}/ingestion-fetch-bars`, cloudEvent(subject, event_id, data))
    await ceph.stopGateway()
    const answer = await fetchBars()
    expect(answer).toMatchObject({ status: 503, outcome: 'unavailable' })
    await ceph.startGateway()
    await expect.poll(async () => (await fetchBars()).outcome, { timeout: 30_000, interval: 500 }).toBe('done')
  })

  it('a bus that goes away and comes back is published to again, by the same process', async () => {
    await nats.stop()
    expect(await post(`${fn.url}/ingestion-fetch-corporate-actions`, windowOpened('no-bus'))).toMatchObject({
      status: 200,
      outcome: 'done',
    })
    expect((await said('no-bus')).published_at).toBeNull()
    await nats.start()
    let tries = 0
    await expect
      .poll(
        async () => {
          const id = `bus-again-${tries++}`
          await post(`${fn.url}/ingestion-fetch-corporate-actions`, windowOpened(id))
          return (await said(id)).published_at
        },
        { timeout: 30_000, interval: 500 },
      )
      .toBeInstanceOf(Date)
  })

  it('a secret is in no log', () => {
    expect(fn.output()).not.toContain(ceph.secretKey)
  })
})
