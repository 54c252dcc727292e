import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { steps } from '../../../functions/index.ts'
import { openNats } from '../../../shared/adapters/nats/connect.ts'
import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import { readMigrations } from '../../../shared/runtime/migrations.ts'
import { makeDatabase } from '../../make-database.ts'
import { startCephServer } from '../../real/ceph-server.ts'
import { startNatsServer } from '../../real/nats-server.ts'
import { missingParts } from '../../real/parts.ts'
import { TEST_DATABASE_URL } from '../../shared/runtime/test-database.ts'
import { cli } from './spawn-cli.ts'
import { startStubS3 } from './stub-s3.ts'

interface Report {
  readonly dryRun: boolean
  readonly changes: readonly { part: string; name: string; action: string; detail?: string }[]
  readonly failures: readonly { part: string; reason: string }[]
  readonly notConfigured: readonly string[]
}

const NOBODY = 'postgresql://me:secret@127.0.0.1:1/none'
const CREDENTIALS = { S3_ACCESS_KEY: 'key', S3_SECRET_KEY: 'secret' }

let folder: string
let cleanUps: (() => unknown)[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgefund-bootstrap-'))
  cleanUps = []
})
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp()
  rmSync(folder, { recursive: true, force: true })
})

/** The command in an empty folder, where it must leave nothing. */
async function bootstrap(env: Readonly<Record<string, string>>, ...flags: string[]) {
  const ended = await cli(['bootstrap', ...flags], { cwd: folder, env: { EDGEFUND_SECRETS: folder, ...env } })
  expect(readdirSync(folder)).toEqual([])
  return ended
}

async function reportOf(env: Readonly<Record<string, string>>, ...flags: string[]): Promise<Report> {
  const { stdout, stderr } = await bootstrap(env, '--json', ...flags)
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

const actions = ({ changes }: Report) => [...new Set(changes.map(({ action }) => action))]

async function realDatabase() {
  const made = await makeDatabase(TEST_DATABASE_URL as string)
  cleanUps.push(made.drop)
  return made.url
}

async function realNats() {
  const server = await startNatsServer()
  cleanUps.push(() => server.remove())
  const connection = await openNats({ url: server.url, name: 'test' })
  cleanUps.push(() => connection.close())
  const manager = await jetstreamManager(connection)
  const streams = async () => {
    const names: string[] = []
    for await (const info of manager.streams.list()) names.push(info.config.name)
    return names
  }
  return { url: server.url, manager, streams }
}

async function oldS3(bucketIsThere = true) {
  const stub = await startStubS3({ bucketIsThere })
  cleanUps.push(() => stub.close())
  return stub
}

describe('bootstrap', () => {
  it('has nothing to prepare where nothing is configured', async () => {
    expect(await bootstrap({})).toEqual({
      code: 2,
      stdout: '',
      stderr: 'edgefund: There is nothing to prepare: none of DATABASE_URL, NATS_URL and S3_ENDPOINT is set\n',
    })
  })

  it('ends with 1 where two writers could overwrite each other', async () => {
    const { endpoint } = await oldS3()
    const { code, stdout, stderr } = await bootstrap({ S3_ENDPOINT: endpoint, ...CREDENTIALS })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^s3 +bucket edgefund +keep +no conditional writes$/m)
    expect(stderr).toBe(
      'Left alone, because not set: DATABASE_URL, NATS_URL\n' +
        `edgefund: s3: ${new URL(endpoint).host} does not do conditional writes (If-None-Match: *), so two writers could overwrite each other; use an S3 server that does\n`,
    )
  })

  it('says what is away, and does the rest all the same', async () => {
    const { endpoint, requests } = await oldS3(false)
    const env = {
      DATABASE_URL: NOBODY,
      NATS_URL: 'nats://me:secret@127.0.0.1:1',
      S3_ENDPOINT: endpoint,
      ...CREDENTIALS,
    }
    const { code, stdout, stderr } = await bootstrap(env, '--dry-run')
    expect(code).toBe(3)
    expect(stdout).toMatch(/^s3 +bucket edgefund +create +conditional writes not tried$/m)
    expect(stderr).toMatch(
      /^Nothing was changed\nedgefund: postgresql: PostgreSQL cannot be reached: .*; the rest was looked at all the same\nedgefund: nats: Cannot connect to NATS at 127\.0\.0\.1:1: .*\n$/,
    )
    expect(stdout + stderr).not.toContain('secret')
    expect(requests).toEqual(['HEAD /edgefund/'])
  })

  it('says the same as one JSON document', async () => {
    const { code, stdout } = await bootstrap({ DATABASE_URL: NOBODY }, '--json')
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toEqual({
      dryRun: false,
      changes: [],
      failures: [{ part: 'postgresql', reason: expect.stringMatching(/^PostgreSQL cannot be reached: /) }],
      notConfigured: ['NATS_URL', 'S3_ENDPOINT'],
    })
  })
})

const noServer = missingParts('postgresql')
describe.skipIf(noServer)(`bootstrap on PostgreSQL${noServer ? ` (${noServer})` : ''}`, () => {
  it('changes nothing in a dry run, applies what is missing, then keeps it', async () => {
    const url = await realDatabase()
    const names = (await readMigrations(new URL('../../../sql/migrations/', import.meta.url))).map(({ name }) => name)
    const rows = (action: string) => names.map((name) => ({ part: 'postgresql', name, action }))
    const database = openDatabase({ url })
    cleanUps.push(() => database.close())
    const schemas = () => database.read(`select 1 from pg_namespace where nspname in ('pipeline', 'ingestion')`)

    expect((await reportOf({ DATABASE_URL: url }, '--dry-run')).changes).toEqual(rows('create'))
    expect(await schemas()).toEqual([])
    expect((await reportOf({ DATABASE_URL: url })).changes).toEqual(rows('create'))
    expect(await schemas()).toHaveLength(2)
    expect((await reportOf({ DATABASE_URL: url })).changes).toEqual(rows('keep'))

    await database.write(`insert into pipeline.migrations (number, name, sha256) values (9999, '9999_later.sql', '')`)
    expect((await reportOf({ DATABASE_URL: url }, '--dry-run')).changes.at(-1)).toEqual({
      part: 'postgresql',
      name: '9999_later.sql',
      action: 'keep',
      detail: 'of a newer version',
    })
    await database.write(`update pipeline.migrations set sha256 = 'another' where number = 1`)
    const altered = await bootstrap({ DATABASE_URL: url }, '--dry-run')
    expect(altered.code).toBe(2)
    expect(altered.stderr).toMatch(/postgresql: Migration 0001_.* was applied to this database with another content/)
  })

  it('names a database that there is not', async () => {
    const url = new URL(TEST_DATABASE_URL as string)
    url.pathname = '/edgefund_nowhere'
    const { code, stderr } = await bootstrap({ DATABASE_URL: url.href }, '--dry-run')
    expect(code).toBe(3)
    expect(stderr).toMatch(/The server has no database "edgefund_nowhere"; make it with createdb\n$/)
  })
})

const noNats = missingParts('nats')
describe.skipIf(noNats)(`bootstrap on NATS${noNats ? ` (${noNats})` : ''}`, () => {
  it('makes every stream, consumer and bucket, once; and although the database is away', async () => {
    const nats = await realNats()
    const env = { NATS_URL: nats.url, DATABASE_URL: NOBODY }

    const dry = await reportOf(env, '--dry-run')
    expect(actions(dry)).toEqual(['create'])
    expect(await nats.streams()).toEqual([])

    const made = await reportOf(env)
    expect(made.changes).toEqual(dry.changes)
    expect(made.failures.map(({ part }) => part)).toEqual(['postgresql'])
    expect(await nats.streams()).toEqual(
      expect.arrayContaining(['edgefund-ingestion', 'edgefund-pipeline', 'KV_edgefund-bridge']),
    )
    const consumers = made.changes.filter(({ name }) => name.startsWith('consumer '))
    expect(consumers).toHaveLength(steps.length + 1)
    expect(actions(await reportOf(env))).toEqual(['keep'])
  })

  it('calls a consumer that no step answers to obsolete, and deletes it when asked to', async () => {
    const { url: NATS_URL, manager } = await realNats()
    await reportOf({ NATS_URL })
    const stream = 'edgefund-ingestion'
    await manager.consumers.add(stream, { durable_name: 'ingestion-gone', ack_policy: 'explicit' })
    const found = () => manager.consumers.info(stream, 'ingestion-gone')
    const obsolete = ({ changes }: Report) => changes.filter(({ action }) => action === 'obsolete')

    const name = `consumer ${stream}/ingestion-gone`
    expect(obsolete(await reportOf({ NATS_URL }))).toMatchObject([{ name, detail: '0 waiting, 0 under way' }])
    expect(obsolete(await reportOf({ NATS_URL }, '--prune', '--dry-run'))).toHaveLength(1)
    await expect(found()).resolves.toBeDefined()
    expect(obsolete(await reportOf({ NATS_URL }, '--prune'))).toMatchObject([
      { detail: expect.stringMatching(/deleted$/) },
    ])
    await expect(found()).rejects.toThrow()
    expect(obsolete(await reportOf({ NATS_URL }))).toEqual([])
  })
})

const noCluster = missingParts('postgresql', 'nats', 's3')
describe.skipIf(noCluster)(`bootstrap of everything${noCluster ? ` (${noCluster})` : ''}`, () => {
  it('leaves a cluster that the doctor finds well', async () => {
    const ceph = await startCephServer({ store: 'memstore' })
    cleanUps.push(() => ceph.wipe())
    const env = {
      DATABASE_URL: await realDatabase(),
      NATS_URL: (await realNats()).url,
      S3_ENDPOINT: ceph.endpoint,
      S3_BUCKET: 'fund',
      S3_ACCESS_KEY: ceph.accessKey,
      S3_SECRET_KEY: ceph.secretKey,
    }
    const cluster = ['database', 'nats', 's3']
    const doctor = async () => {
      const { code, stdout } = await cli(['doctor', '--json'], {
        cwd: folder,
        env: { ...env, EDGEFUND_SECRETS: folder },
      })
      const findings = JSON.parse(stdout) as { check: string; status: string; found: string; advice?: string }[]
      return { code, findings: findings.filter(({ check }) => cluster.includes(check)) }
    }

    const before = await doctor()
    expect(before.code).toBe(3)
    expect(before.findings.map(({ check, status }) => [check, status])).toEqual(cluster.map((check) => [check, 'fail']))
    expect(before.findings.map(({ advice }) => advice)).toEqual(cluster.map(() => 'run "edgefund bootstrap"'))

    const made = await bootstrap(env)
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(made.stdout).toMatch(/^part +name +action +detail\npostgresql +0001_/)
    expect(made.stdout).toMatch(/^nats +stream edgefund-ingestion +create +\d+ subjects$/m)
    expect(made.stdout).toMatch(/^s3 +bucket fund +create +conditional writes work$/m)

    const after = await doctor()
    expect(after.code).toBe(0)
    expect(after.findings.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok'])
    expect(actions(await reportOf(env))).toEqual(['keep'])
  })
})
