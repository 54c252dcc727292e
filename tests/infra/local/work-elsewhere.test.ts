import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { steps } from '../../../functions/index.ts'
import { type House, openHouse } from '../../../infra/local/house.ts'
import { openNats } from '../../../shared/adapters/nats/connect.ts'
import { ensureTopology } from '../../../shared/adapters/nats/topology.ts'
import { UnavailableError } from '../../../shared/ports/errors.ts'
import { readConfig } from '../../../shared/runtime/config.ts'
import { migrate, readMigrations } from '../../../shared/runtime/migrations.ts'
import { createRegistry } from '../../../shared/runtime/registry.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { topologyOf } from '../../../shared/runtime/topology.ts'
import { NATS_SERVER_MISSING, startNatsServer } from '../../real/nats-server.ts'
import { missingParts } from '../../real/parts.ts'
import { openTestDatabase, type TestDatabase } from '../../shared/runtime/test-database.ts'
import { type Cli, cli, startCli } from '../cli/spawn-cli.ts'

const PARAMS = { from: '2024-03-04', to: '2024-03-05', symbols: ['AAPL', 'BTC-USD'] }
const MIGRATIONS = new URL('../../../sql/migrations/', import.meta.url)

let home: string
let made: TestDatabase
let houses: House[]
/** Command lines that wait for others; one whose test failed would wait for ever. */
let waiting: Cli[]
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'edgefund-elsewhere-'))
  houses = []
  waiting = []
  made = await openTestDatabase()
})
afterEach(async () => {
  for (const { child } of waiting) child.kill('SIGKILL')
  for (const house of houses) await house.stop()
  await made.drop()
  rmSync(home, { recursive: true, force: true })
})

/** A house on the one database; its place in the configuration only says that there is one that is shared. */
async function open(work: 'here' | 'elsewhere', env: Readonly<Record<string, string>> = {}): Promise<House> {
  const house = await openHouse({
    config: readConfig({
      EDGEFUND_HOME: join(home, work),
      EDGEFUND_SECRETS: home,
      DATABASE_URL: 'postgresql://not-asked',
      EDGEFUND_WORK: work,
      ...env,
    }),
    settings: readSettings({}, 'the settings of a test'),
    log: pino({ level: 'silent' }),
    owner: 'same/1',
    schedules: work === 'elsewhere',
    database: { ...made.database, close: async () => {} },
  })
  houses.push(house)
  return house
}

const migrated = async () => void (await migrate(made.database, await readMigrations(MIGRATIONS)))

interface Delivery {
  readonly state: string
  readonly attempt: number
  readonly owner: string | null
  readonly published: boolean
}

const deliveries = () =>
  made.database.read<Delivery>(
    `select state, attempt, owner, published_at is not null as published
     from pipeline.deliveries d join pipeline.trail t using (event_id) order by d.event_id`,
  )

describe('a house whose work is done elsewhere', () => {
  it('leaves what it opened alone, fires no clock, and sees another house finish it', async () => {
    await migrated()
    const onlooker = await open('elsewhere')
    const { run, opened } = await onlooker.open({ workflow: 'ingestion', key: 'elsewhere', params: PARAMS })
    expect(opened).toBe(true)
    await sleep(1_500)
    // Not published either, so that the sweeper over there does it; and there is no run of a clock.
    expect(await deliveries()).toEqual([{ state: 'ready', attempt: 0, owner: null, published: false }])

    expect(await onlooker.waitFor(run, 20)).toMatchObject({ run, state: 'running' })
    const ended = onlooker.waitFor(run)
    await open('here')
    expect(await ended).toMatchObject({ run, state: 'ok' })
  })

  it('takes nobody for dead who bears its own name', async () => {
    await migrated()
    const first = await open('elsewhere')
    await first.open({ workflow: 'ingestion', key: 'held', params: PARAMS })
    await made.database.write(
      `update pipeline.deliveries set state = 'running', attempt = 1, owner = 'same/2', lease_until = now() + interval '1 hour'`,
    )
    await open('elsewhere')
    expect(await deliveries()).toMatchObject([{ state: 'running', owner: 'same/2' }])
  })

  it('waits for a database that is older than it, instead of migrating it', async () => {
    const opening = open('elsewhere')
    await expect(opening).rejects.toThrow(UnavailableError)
    await expect(opening).rejects.toThrow(/^The database lacks migration 0001_.*\.sql; run "edgefund bootstrap"$/)
    expect(await made.database.read(`select 1 from pg_namespace where nspname = 'pipeline'`)).toEqual([])
  })

  it.skipIf(NATS_SERVER_MISSING)(
    `publishes what it opened at once (${NATS_SERVER_MISSING ?? 'on a real server'})`,
    async () => {
      await migrated()
      const nats = await startNatsServer()
      const connection = await openNats({ url: nats.url, name: 'test' })
      try {
        await ensureTopology(connection, topologyOf(createRegistry(steps)))
        const onlooker = await open('elsewhere', { NATS_URL: nats.url })
        await onlooker.open({ workflow: 'ingestion', key: 'published', params: PARAMS })
        expect(await deliveries()).toMatchObject([{ state: 'ready', published: true }])
      } finally {
        await Promise.all(houses.splice(0).map((house) => house.stop()))
        await connection.close()
        await nats.remove()
      }
    },
  )
})

describe('the command line with EDGEFUND_WORK=elsewhere', () => {
  const elsewhere = { EDGEFUND_WORK: 'elsewhere' }
  const env = () => ({ ...elsewhere, DATABASE_URL: made.url as string, EDGEFUND_SECRETS: home })
  const noServer = missingParts('postgresql')
  const startWaiting = (...args: string[]) => {
    const started = startCli([...args, '--json'], { cwd: home, env: env() })
    waiting.push(started)
    return started
  }
  const nothing = 'postgresql://127.0.0.1:1/none'

  it('needs a database that is shared, and knows no third place', async () => {
    const alone = await cli(['runs', 'list'], { cwd: home, env: { ...elsewhere, EDGEFUND_SECRETS: home } })
    expect(alone).toEqual({
      code: 2,
      stdout: '',
      stderr: 'edgefund: EDGEFUND_WORK is "elsewhere" but DATABASE_URL is not set: only a real PostgreSQL is shared\n',
    })
    const third = await cli(['runs', 'list'], { cwd: home, env: { EDGEFUND_WORK: 'nowhere' } })
    expect(third.code).toBe(2)
    expect(third.stderr).toMatch(/^edgefund: Environment variable EDGEFUND_WORK is "nowhere": /)
    expect(readdirSync(home)).toEqual([])
  })

  it('refuses to be up', async () => {
    const { code, stderr } = await cli(['up'], { cwd: home, env: { ...elsewhere, DATABASE_URL: nothing } })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'edgefund: EDGEFUND_WORK is "elsewhere": the cluster fires the schedules and does the work, not "up"\n',
    })
  })

  it('ends with 3 when the database is away, without a state folder', async () => {
    const { code, stderr } = await cli(['runs', 'list'], { cwd: home, env: { ...elsewhere, DATABASE_URL: nothing } })
    expect(code).toBe(3)
    expect(stderr).toMatch(/^edgefund: PostgreSQL cannot be reached: /)
    expect(readdirSync(home)).toEqual([])
  })

  it.skipIf(noServer)(`runs by waiting for others, several at once (${noServer ?? 'on a real server'})`, async () => {
    await migrated()
    const flags = ['--from', '2024-03-04', '--to', '2024-03-05', '--symbols', 'AAPL,BTC-USD']
    const running = startWaiting('run', 'ingestion', ...flags)
    // The other one shows the run while the first waits for it: neither owns anything.
    await expect
      .poll(async () => made.database.read('select run from pipeline.runs'), { timeout: 30_000 })
      .toHaveLength(1)
    const listed = await cli(['runs', 'list', '--json'], { cwd: home, env: env() })
    expect(JSON.parse(listed.stdout)).toMatchObject([{ workflow: 'ingestion', state: 'running' }])
    const [{ run }] = JSON.parse(listed.stdout)

    await open('here')
    const ended = await running.ended
    expect(ended).toMatchObject({ code: 0 })
    expect(JSON.parse(ended.stdout)).toMatchObject({ run, state: 'ok' })
    expect(readdirSync(home)).toEqual(['here'])
  })

  it.skipIf(noServer)(
    `retries and replays by offering again, and waits for others (${noServer ?? 'on a real server'})`,
    async () => {
      await migrated()
      const runs = new Map<string, string>()
      for (const date of ['2024-03-04', '2024-03-05']) {
        const flags = ['--from', date, '--to', date, '--symbols', 'AAPL,BTC-USD', '--no-wait']
        const { code, stderr } = await cli(['run', 'ingestion', ...flags], { cwd: home, env: env() })
        expect(code).toBe(0)
        runs.set(date, /Opened (\S+);/.exec(stderr)?.[1] as string)
      }
      // As if the step that opens them had given up.
      await made.database.write(`update pipeline.deliveries set state = 'dead', reason = 'given up', ended_at = now()`)
      await made.database.write(`update pipeline.runs set state = 'failed', ended = now()`)

      const [retried, replayed] = [...runs.values()]
      const retrying = startWaiting('runs', 'retry', retried)
      await retrying.says(/tried again: 1/)
      const replaying = startWaiting('dead-letters', 'replay', '--all')
      await replaying.says(/tried again: 1/)
      await open('here')
      const ends = await Promise.all([retrying.ended, replaying.ended])
      expect(ends.map(({ code }) => code)).toEqual([0, 0])
      expect(JSON.parse(ends[0].stdout)).toMatchObject({ run: retried, state: 'ok' })
      expect(JSON.parse(ends[1].stdout)).toMatchObject([{ run: replayed, state: 'ok' }])
    },
  )
})
