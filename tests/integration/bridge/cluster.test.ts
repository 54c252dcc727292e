import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { steps } from '../../../functions/index.ts'
import { openHouse } from '../../../infra/local/house.ts'
import { addressOf, type Packaging, packagedFunctions } from '../../../infra/packaging/functions.ts'
import { folderObjectStore } from '../../../shared/adapters/folder/object-store.ts'
import { s3ObjectStore } from '../../../shared/adapters/s3/object-store.ts'
import { prepareBucket } from '../../../shared/adapters/s3/prepare.ts'
import type { Database } from '../../../shared/ports/database.ts'
import type { ObjectStore } from '../../../shared/ports/object-store.ts'
import { readConfig, type S3Config } from '../../../shared/runtime/config.ts'
import { migrate, readMigrations } from '../../../shared/runtime/migrations.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { dumpState } from '../../chaos/dump.ts'
import { builtBundles } from '../../infra/build/built-bundles.ts'
import { makeDatabase } from '../../make-database.ts'
import { type CephServer, startCephServer } from '../../real/ceph-server.ts'
import { missingParts } from '../../real/parts.ts'
import { TEST_DATABASE_URL } from '../../shared/runtime/test-database.ts'
import { openRealParts, type RealParts } from './real-parts.ts'

const missing = missingParts('postgresql', 'nats', 's3')
const BRIDGE = new URL('../../../infra/bridge/main.ts', import.meta.url)
const MIGRATIONS = new URL('../../../sql/migrations/', import.meta.url)
/** A year of everything: equities, an index, rates and coins. */
const REQUEST = { from: '2023-01-03', to: '2023-12-29', provider: { name: 'simulated', seed: 7 } }
const KEY = 'a-year'

/** The state by table and key; objects by the hash of their content, since each store has version names of its own. */
async function stateOf(database: Database, objects: ObjectStore): Promise<Map<string, string>> {
  const state = await dumpState(database, objects)
  for await (const { key } of objects.list('')) {
    const found = await objects.get(key)
    state.set(
      key,
      createHash('sha256')
        .update(found?.body ?? '')
        .digest('hex'),
    )
  }
  return state
}

/** What the same run leaves behind in one process, its objects in a folder. */
async function localState(): Promise<Map<string, string>> {
  const home = await mkdtemp(join(tmpdir(), 'edgefund-local-'))
  const made = await makeDatabase(TEST_DATABASE_URL as string)
  try {
    const house = await openHouse({
      config: readConfig({ EDGEFUND_HOME: home, DATABASE_URL: made.url }),
      settings: readSettings(undefined, 'no settings'),
      log: pino({ level: 'silent' }),
      owner: 'local/1',
      schedules: false,
    })
    const { run } = await house.open({ workflow: 'ingestion', key: KEY, params: REQUEST })
    expect((await house.waitFor(run)).state).toBe('ok')
    const { database } = house.parts
    const state = await stateOf(database, folderObjectStore(join(home, 'objects')))
    await house.stop()
    return state
  } finally {
    await made.drop()
    await rm(home, { recursive: true, force: true })
  }
}

describe.skipIf(missing)(`WF1 on a cluster${missing ? ` (${missing})` : ''}`, () => {
  let local: Map<string, string>
  let ceph: CephServer
  beforeAll(async () => {
    ceph = await startCephServer({ store: 'memstore' })
    local = await localState()
    // It is a whole result that is compared, not nothing.
    expect([...local.keys()].filter((key) => key.startsWith('market_data/')).length).toBeGreaterThan(600)
  })
  afterAll(() => ceph?.wipe())

  describe.each<Packaging>(['each', 'folded'])('packaged %s', (packaging) => {
    const s3: S3Config = { endpoint: '', region: '', bucket: `fund-${packaging}`, accessKey: '', secretKey: '' }
    let parts: RealParts
    let objects: ReturnType<typeof s3ObjectStore>

    beforeAll(async () => {
      const { endpoint, region, accessKey, secretKey } = ceph
      Object.assign(s3, { endpoint, region, accessKey, secretKey })
      await prepareBucket(s3)
      objects = s3ObjectStore(s3)
      parts = await openRealParts({
        EDGEFUND_PACKAGING: packaging,
        EDGEFUND_HOME: '',
        S3_ENDPOINT: endpoint,
        S3_REGION: region,
        S3_BUCKET: s3.bucket,
        S3_ACCESS_KEY: accessKey,
        S3_SECRET_KEY: secretKey,
      })
      await migrate(parts.database, await readMigrations(MIGRATIONS))
      const bundles = await builtBundles()
      const functions = packagedFunctions(packaging, steps)
      await Promise.all(functions.map(({ name }) => parts.deploy(name, join(bundles, packaging, name))))
      await parts.bridge(BRIDGE)
    })
    afterAll(async () => {
      objects?.close()
      await parts?.close()
    })

    const pathOf = (name: string) => {
      const { fn, path } = addressOf(packaging, { name, room: 'ingestion' })
      return path === '/' ? fn : `${fn}${path}`
    }
    const ended = (run: string) =>
      vi.waitFor(
        async () => {
          const [row] = await parts.database.read<{ state: string; reason: string | null }>(
            'select state, reason from pipeline.runs where run = $1',
            [run],
          )
          expect(row?.state).not.toBe('running')
          return row
        },
        { timeout: 240_000, interval: 200 },
      )

    it('ends in the state that one process ends in, in every column that is not volatile and every object', async () => {
      const reply = await parts.call(pathOf('ingestion-open-session'), REQUEST, { 'idempotency-key': KEY })
      expect(await reply.json()).toMatchObject({ outcome: 'done', run: `ingestion:${KEY}` })
      expect(await ended(`ingestion:${KEY}`)).toEqual({ state: 'ok', reason: null })
      // The bridge tidies up after the run's end.
      await vi.waitFor(async () => expect(await keysUnder(objects, 'work/')).toEqual([]), { timeout: 30_000 })

      const state = await stateOf(parts.database, objects)
      expect([...state.keys()].sort()).toEqual([...local.keys()].sort())
      expect([...state].filter(([key, content]) => local.get(key) !== content)).toEqual([])
    })

    it('opens a session by a tick of the clock, and the same one not again', async () => {
      const tick = packaging === 'each' ? 'ingestion-open-session' : 'clock'
      // As cron-connector calls: nothing in it, and no token.
      const ticked = () => fetch(`${parts.gateway.url}/function/${tick}`, { method: 'POST' })
      expect((await ticked()).status).toBe(200)
      expect((await ticked()).status).toBe(200)
      const runs = await parts.database.read<{ run: string }>(
        `select run from pipeline.runs where workflow = 'ingestion' and key <> $1`,
        [KEY],
      )
      expect(runs).toHaveLength(1)
      expect((await ended(runs[0].run))?.state).toBe('ok')
    })

    it('refuses who can neither sign nor show the token', async () => {
      const anybody = await fetch(`${parts.gateway.url}/function/${pathOf('ingestion-open-session')}`, {
        method: 'POST',
        body: JSON.stringify(REQUEST),
      })
      expect(anybody.status).toBe(401)
      expect(anybody.headers.get('edgefund-outcome')).toBeNull()
    })
  })
})

async function keysUnder(objects: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of objects.list(prefix)) keys.push(key)
  return keys
}
