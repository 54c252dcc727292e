import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type House, openHouse } from '../../infra/local/house.ts'
import { type Instant, instant } from '../../shared/domain/market/session.ts'
import type { ProviderSpec } from '../../shared/events/provider.ts'
import type { DataProvider } from '../../shared/ports/data-provider.ts'
import type { StepDatabase } from '../../shared/ports/database.ts'
import { readConfig } from '../../shared/runtime/config.ts'
import type { RunRequest, RunRow } from '../../shared/runtime/runs.ts'
import { readSettings } from '../../shared/runtime/settings.ts'
import { openTestDatabase } from '../shared/runtime/test-database.ts'

export interface MadeHouse {
  readonly house: House
  readonly home: string
  readonly database: StepDatabase
  /** What the house's clock says; a test may move it. */
  readonly time: { now: Instant }
  /** Opens a run and waits for its end. */
  run(request: Partial<RunRequest> & { readonly workflow: string }): Promise<RunRow>
  query<Row extends object>(sql: string, ...values: unknown[]): Promise<Row[]>
  /** The data of what a run said under a subject, in order of time. */
  said(run: string, subject: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export interface MadeHouseOptions {
  readonly now: string
  readonly settings?: Readonly<Record<string, unknown>>
  /** What a mandate file would say. */
  readonly mandate?: Readonly<Record<string, unknown>>
  readonly schedules?: boolean
  readonly openProvider?: (spec: ProviderSpec) => Promise<DataProvider>
  /** Stands between the house and its database. */
  readonly wrap?: (database: StepDatabase) => StepDatabase
}

/**
 * The whole house on a database of its own (embedded in memory, or on the real server when EDGEFUND_TEST_DATABASE_URL names one), its
 * objects in a temporary folder, on a clock that only a test moves.
 */
export async function madeHouse(options: MadeHouseOptions): Promise<MadeHouse> {
  const { now, settings = {}, mandate, schedules = false, openProvider, wrap = (database) => database } = options
  const home = await mkdtemp(join(tmpdir(), 'edgefund-journey-'))
  const time = { now: instant(Date.parse(now)) }
  const { database, drop } = await openTestDatabase()
  const house = await openHouse({
    config: readConfig({ EDGEFUND_HOME: home, EDGEFUND_LOG_LEVEL: 'silent' }),
    settings: readSettings(settings, 'the settings of a test', { content: mandate, file: 'the mandate of a test' }),
    log: pino({ level: 'silent' }),
    clock: { now: () => time.now },
    owner: 'journey/1',
    schedules,
    openProvider,
    // The database outlives the house by a moment, to be dropped.
    database: { ...wrap(database), close: async () => {} },
  })
  return {
    house,
    home,
    database,
    time,
    async run({ workflow, key = 'made', params = {}, ...rest }) {
      const { run } = await house.open({ workflow, key, params, ...rest })
      return house.waitFor(run)
    },
    query: (sql, ...values) => database.read(sql, values),
    async said(run, subject) {
      const rows = await database.read<{ data: Record<string, unknown> }>(
        'select data from pipeline.trail where run = $1 and subject = $2 order by said_at, event_id',
        [run, subject],
      )
      return rows.map(({ data }) => data)
    },
    async close() {
      await house.stop()
      await drop()
      await rm(home, { recursive: true, force: true })
    },
  }
}
