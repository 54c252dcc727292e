import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, vi } from 'vitest'
import { steps } from '../../../functions/index.ts'
import { openHouse } from '../../../infra/local/house.ts'
import { addressOf, type Packaging, packagedFunctions } from '../../../infra/packaging/functions.ts'
import { folderObjectStore } from '../../../shared/adapters/folder/object-store.ts'
import { s3ObjectStore } from '../../../shared/adapters/s3/object-store.ts'
import { prepareBucket } from '../../../shared/adapters/s3/prepare.ts'
import type { Database } from '../../../shared/ports/database.ts'
import type { ObjectStore } from '../../../shared/ports/object-store.ts'
import { readConfig } from '../../../shared/runtime/config.ts'
import { migrate, readMigrations } from '../../../shared/runtime/migrations.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { dumpState } from '../../chaos/dump.ts'
import { builtBundles } from '../../infra/build/built-bundles.ts'
import { makeDatabase } from '../../make-database.ts'
import type { CephServer } from '../../real/ceph-server.ts'
import { TEST_DATABASE_URL } from '../../shared/runtime/test-database.ts'
import { openRealParts, type RealParts } from './real-parts.ts'

const MIGRATIONS = new URL('../../../sql/migrations/', import.meta.url)
export const BRIDGE = new URL('../../../infra/bridge/main.ts', import.meta.url)

/** A year of everything: equities, an index, rates and coins. */
export const YEAR = { from: '2023-01-03', to: '2023-12-29', provider: { name: 'simulated', seed: 7 } }
export const YEAR_KEY = 'a-year'

/** A fund of that market: half a year of history must do. */
const MANDATE = { base: 'default', universe: { filters: { minimumHistorySessions: 120 } } }

/** A month of its life, workflow by workflow: the step that opens each, and what it is asked. */
export const MONTH_KEY = 'a-month'
export const MONTH: readonly { readonly workflow: string; readonly opener: string; readonly params: object }[] = [
  { workflow: 'universe', opener: 'universe-define-universe', params: { date: '2023-11-03' } },
  { workflow: 'portfolio', opener: 'portfolio-open-rebalance', params: { date: '2023-11-06' } },
  { workflow: 'execution', opener: 'execution-open-session', params: { from: '2023-11-06', to: '2023-11-30' } },
  { workflow: 'monitoring', opener: 'monitoring-open-day', params: { from: '2023-11-06', to: '2023-11-30' } },
]

/** All functions of a packaging deployed from their bundles, with a bucket of their own. */
export interface Cluster extends RealParts {
  readonly objects: ObjectStore
  /** Where a bundle lies, to deploy its function again. */
  folderOf(fn: string): string
  /** A step's path behind `/function/`. */
  pathOf(step: string): string
  /** Opens the run of the year as a person does. */
  openYear(): Promise<void>
  /** Runs the month's workflows one after the other, as a person does. */
  runMonth(): Promise<void>
  /** Waits for the end of a run. */
  ended(run: string): Promise<{ readonly state: string; readonly reason: string | null }>
  state(): Promise<Map<string, string>>
}

export async function openCluster(packaging: Packaging, ceph: CephServer, bucket: string): Promise<Cluster> {
  const { endpoint, region, accessKey, secretKey } = ceph
  const place = { endpoint, region, bucket, accessKey, secretKey }
  await prepareBucket(place)
  const objects = s3ObjectStore(place)
  const bundles = join(await builtBundles(), packaging)
  const folder = await mkdtemp(join(tmpdir(), 'edgefund-cluster-'))
  const mandateFile = join(folder, 'mandate.yaml')
  await writeFile(mandateFile, JSON.stringify(MANDATE))
  const parts = await openRealParts({
    EDGEFUND_PACKAGING: packaging,
    EDGEFUND_HOME: '',
    S3_ENDPOINT: endpoint,
    S3_REGION: region,
    S3_BUCKET: bucket,
    S3_ACCESS_KEY: accessKey,
    S3_SECRET_KEY: secretKey,
    EDGEFUND_MANDATE: mandateFile,
  })
  await migrate(parts.database, await readMigrations(MIGRATIONS))
  const folderOf = (fn: string) => join(bundles, fn)
  await Promise.all(packagedFunctions(packaging, steps).map(({ name }) => parts.deploy(name, folderOf(name))))
  const pathOf = (step: string) => {
    const { fn, path } = addressOf(packaging, { name: step, room: step.slice(0, step.indexOf('-')) })
    return path === '/' ? fn : `${fn}${path}`
  }
  const open = async (opener: string, params: object, key: string, run: string) => {
    const reply = await parts.call(pathOf(opener), params, { 'idempotency-key': key })
    expect(await reply.json()).toMatchObject({ outcome: 'done', run })
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
      { timeout: 280_000, interval: 200 },
    )
  return {
    ...parts,
    objects,
    folderOf,
    pathOf,
    ended,
    openYear: () => open('ingestion-open-session', YEAR, YEAR_KEY, `ingestion:${YEAR_KEY}`),
    async runMonth() {
      for (const { workflow, opener, params } of MONTH) {
        const run = `${workflow}:${MONTH_KEY}`
        await open(opener, params, MONTH_KEY, run)
        expect([run, await ended(run)]).toEqual([run, { state: 'ok', reason: null }])
      }
    },
    async state() {
      // The bridge tidies up after a run's end.
      await vi.waitFor(async () => expect(await keysUnder(objects, 'work/')).toEqual([]), { timeout: 30_000 })
      return stateOf(parts.database, objects)
    },
    async close() {
      objects.close()
      await parts.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What the run of the year (and the month of the fund) leaves behind in one process, its objects in a folder. */
export async function localState({ withMonth = false } = {}): Promise<Map<string, string>> {
  const home = await mkdtemp(join(tmpdir(), 'edgefund-local-'))
  const made = await makeDatabase(TEST_DATABASE_URL as string)
  try {
    const house = await openHouse({
      config: readConfig({ EDGEFUND_HOME: home, DATABASE_URL: made.url }),
      settings: readSettings(undefined, 'no settings', { content: MANDATE, file: 'the mandate' }),
      log: pino({ level: 'silent' }),
      owner: 'local/1',
      schedules: false,
    })
    const runs = [{ workflow: 'ingestion', key: YEAR_KEY, params: YEAR }]
    const months = MONTH.map(({ workflow, params }) => ({ workflow, key: MONTH_KEY, params: { ...params } }))
    for (const request of [...runs, ...(withMonth ? months : [])]) {
      const { run } = await house.open(request)
      expect([run, (await house.waitFor(run)).state]).toEqual([run, 'ok'])
    }
    const state = await stateOf(house.parts.database, folderObjectStore(join(home, 'objects')))
    await house.stop()
    // It is a whole result that is compared, not nothing.
    expect([...state.keys()].filter((key) => key.startsWith('market_data/')).length).toBeGreaterThan(600)
    return state
  } finally {
    await made.drop()
    await rm(home, { recursive: true, force: true })
  }
}

/** Keys and contents that differ between two states; none when they are equal. */
export function differences(found: Map<string, string>, expected: Map<string, string>): string[] {
  const keys = [...new Set([...found.keys(), ...expected.keys()])].sort()
  return keys.filter((key) => found.get(key) !== expected.get(key))
}

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

async function keysUnder(objects: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of objects.list(prefix)) keys.push(key)
  return keys
}
