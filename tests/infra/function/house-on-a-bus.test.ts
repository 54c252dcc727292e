import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { steps } from '../../../functions/index.ts'
import { type House, openHouse } from '../../../infra/local/house.ts'
import { openNats } from '../../../shared/adapters/nats/connect.ts'
import { ensureTopology } from '../../../shared/adapters/nats/topology.ts'
import { openEmbeddedDatabase } from '../../../shared/adapters/postgres/embedded.ts'
import { readConfig } from '../../../shared/runtime/config.ts'
import { createRegistry } from '../../../shared/runtime/registry.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { topologyOf } from '../../../shared/runtime/topology.ts'
import { NATS_SERVER_MISSING, startNatsServer } from '../../real/nats-server.ts'

const PARAMS = { from: '2024-03-04', to: '2024-03-05', symbols: ['AAPL', 'BTC-USD'] }

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'edgefund-bus-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

async function openOn(natsUrl: string): Promise<House> {
  return openHouse({
    config: readConfig({ EDGEFUND_HOME: home, NATS_URL: natsUrl, EDGEFUND_SECRETS: home }),
    settings: readSettings({}, 'the settings of a test'),
    log: pino({ level: 'silent' }),
    owner: 'bus/1',
    schedules: false,
    database: await openEmbeddedDatabase(),
  })
}

const unpublished = ({ parts }: House) =>
  parts.database.read<{ subject: string }>('select distinct subject from pipeline.trail where published_at is null')

describe('a house on a bus', () => {
  it('does its work although the bus is away, and keeps what it said for later', async () => {
    const house = await openOn('nats://127.0.0.1:1')
    try {
      const { run } = await house.open({ workflow: 'ingestion', key: 'no-bus', params: PARAMS })
      expect(await house.waitFor(run)).toMatchObject({ state: 'ok' })
      expect((await unpublished(house)).map(({ subject }) => subject)).toContain('ingestion.bars.stored')
    } finally {
      await house.stop()
    }
  })

  it.skipIf(NATS_SERVER_MISSING)(
    `publishes what its steps say (${NATS_SERVER_MISSING ?? 'on a real server'})`,
    async () => {
      const nats = await startNatsServer()
      const connection = await openNats({ url: nats.url, name: 'test' })
      let house: House | undefined
      try {
        await ensureTopology(connection, topologyOf(createRegistry(steps)))
        house = await openOn(nats.url)
        const { run } = await house.open({ workflow: 'ingestion', key: 'bus', params: PARAMS })
        expect(await house.waitFor(run)).toMatchObject({ state: 'ok' })
        const open = house
        await expect.poll(async () => (await unpublished(open)).length, { timeout: 10_000 }).toBe(0)
      } finally {
        await house?.stop()
        await connection.close()
        await nats.remove()
      }
    },
  )
})
