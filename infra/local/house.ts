import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { steps } from '../../functions/index.ts'
import { openDatabase } from '../../shared/adapters/postgres/database.ts'
import { type Clock, systemClock } from '../../shared/ports/clock.ts'
import type { StepDatabase } from '../../shared/ports/database.ts'
import { InputError } from '../../shared/ports/errors.ts'
import { DEFAULT_BACKOFF } from '../../shared/runtime/attempt.ts'
import type { Config } from '../../shared/runtime/config.ts'
import { releaseOwners } from '../../shared/runtime/deliveries.ts'
import { runtimeMetrics } from '../../shared/runtime/metrics.ts'
import { migrate, readMigrations, requireMigrated } from '../../shared/runtime/migrations.ts'
import type { AllPorts } from '../../shared/runtime/ports.ts'
import { type RunProgress, readProgress } from '../../shared/runtime/progress.ts'
import { publishEvents } from '../../shared/runtime/publish.ts'
import { createRegistry, type Registry } from '../../shared/runtime/registry.ts'
import { type OpenedRun, openRun, type RunRequest, type RunRow } from '../../shared/runtime/runs.ts'
import type { ServeParts } from '../../shared/runtime/serve.ts'
import type { Settings } from '../../shared/runtime/settings.ts'
import { type BusPublisher, natsBusPublisher } from '../wiring/bus-publisher.ts'
import { clearWork } from '../wiring/clear-work.ts'
import type { WiringParts } from '../wiring/parts.ts'
import { wirePorts } from '../wiring/wire-ports.ts'
import { type Dispatcher, startDispatcher } from './dispatcher.ts'
import { startScheduler } from './scheduler.ts'

export type { RunProgress, StepProgress } from '../../shared/runtime/progress.ts'

export interface HouseOptions {
  readonly config: Config
  readonly settings: Settings
  readonly log: Logger
  readonly clock?: Clock
  /** Names this process in leases; begins with what is the same for every process of this state folder, then a slash. */
  readonly owner: string
  /** Whether the clock steps fire by themselves. */
  readonly schedules: boolean
  /** Told what a provider has to say beside its data. */
  readonly notice?: (text: string) => void
  /** Opens a provider in another way than by its name, such as on recorded replies. */
  readonly openProvider?: WiringParts['openProvider']
  /** An open database to use instead of the configured one; it is closed with the house. */
  readonly database?: StepDatabase
}

/** The whole system in one process. */
export interface House {
  readonly parts: ServeParts<AllPorts>
  readonly registry: Registry<AllPorts>
  readonly settings: Settings
  open(request: RunRequest): Promise<OpenedRun>
  /** Throws `InputError` when there is no such run. */
  progress(run: string): Promise<RunProgress>
  /** Resolves when the run is over, or as soon as that much time is. */
  waitFor(run: string, withinMs?: number): Promise<RunRow>
  /** Finishes what is under way, then closes everything. */
  stop(): Promise<void>
}

const MIGRATIONS = new URL('../../sql/migrations/', import.meta.url)
/** How often a waiting caller looks, when nothing wakes it. */
const LOOK_EVERY_MS = 500

export const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version

/**
 * Opens the database (embedded, or the server that the configuration names), migrates it, wires everything and begins to deliver. Where the
 * work is done elsewhere it opens runs, replays and looks, and leaves the rest alone, migrations included: then a database that is older
 * than this version is an `UnavailableError`.
 */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { config, settings, log, owner, schedules } = options
  const worksHere = config.work === 'here'
  const clock = options.clock ?? systemClock
  const database = options.database ?? (await openHouseDatabase(config))
  try {
    if (worksHere) await migrate(database, await readMigrations(MIGRATIONS))
    else await requireMigrated(database, await readMigrations(MIGRATIONS))
    const registry = createRegistry(steps)
    const notice = options.notice ?? ((text) => log.info(text))
    let dispatcher: Dispatcher | undefined
    const onOffered = () => dispatcher?.wake()
    // Work that is done elsewhere waits for the bus, be it this process or the sweeper over there that publishes.
    const local = worksHere && config.natsUrl === undefined
    const ports = await wirePorts({
      database,
      settings,
      clock,
      objects: { s3: config.s3, folder: join(config.home, 'objects') },
      notice,
      alerts: config.alerts,
      newsKeys: config.newsKeys,
      log,
      // Who only looks on reads no logs: those of the work are elsewhere.
      logFolder: worksHere ? join(config.home, 'logs') : undefined,
      offers: { local, onOffered },
      openProvider: options.openProvider,
    })
    const bus = busOf(config, owner, log)
    const clearing = new Set<Promise<void>>()
    const parts: ServeParts<AllPorts> = {
      database,
      registry,
      local,
      ports,
      publisher: bus,
      log,
      metrics: runtimeMetrics(),
      owner,
      backoff: DEFAULT_BACKOFF,
      onOffered,
      onClosed: (run, state) => {
        if (state !== 'ok') return
        const cleared = clearWork(ports.objects, run)
          .catch((error) => log.warn({ run, err: error }, 'work files were left'))
          .finally(() => clearing.delete(cleared))
        clearing.add(cleared)
      },
      codeVersion: VERSION,
      configHash: settings.hash,
      auth: config.eventAuth,
      clock,
      maxBodyBytes: config.maxBodyBytes,
    }
    // This process owns the state folder, so whoever held a lease under its name before is dead.
    if (worksHere) await releaseOwners(database, owner.slice(0, owner.indexOf('/') + 1))
    // A bus that is away stops nothing here: the sweeper publishes when it is back.
    bus?.connect()
    dispatcher = worksHere ? startDispatcher(parts, config.concurrency) : ONLOOKER
    const stopSchedules = schedules && worksHere ? startScheduler(parts) : async () => {}
    const stopWork = async () => {
      await stopSchedules()
      await dispatcher?.stop()
      await Promise.all(clearing)
      await bus?.close()
    }
    return houseOf(parts, settings, dispatcher, stopWork)
  } catch (error) {
    await database.close().catch(() => {})
    throw error
  }
}

/** Delivers nothing: others do, and tell nobody here when something has changed. */
const ONLOOKER: Dispatcher = { wake() {}, changed: (atMostMs) => sleep(atMostMs), async stop() {} }

/** The database of a configuration; the embedded one lies in the home. */
export async function openHouseDatabase(config: Config): Promise<StepDatabase> {
  if (config.databaseUrl !== undefined) {
    return openDatabase({ url: config.databaseUrl, connections: Math.max(4, config.concurrency + 2) })
  }
  const { openEmbeddedDatabase } = await import('../../shared/adapters/postgres/embedded.ts')
  return openEmbeddedDatabase({ folder: join(config.home, 'postgres') })
}

/** The bus that carries this house's events to other processes, where one is configured. */
function busOf({ natsUrl, natsCaFile }: Config, owner: string, log: Logger): BusPublisher | undefined {
  if (natsUrl === undefined) return undefined
  return natsBusPublisher({ url: natsUrl, name: `edgefund ${owner}`, caFile: natsCaFile }, log)
}

function houseOf(
  parts: ServeParts<AllPorts>,
  settings: Settings,
  dispatcher: Dispatcher,
  stopWork: () => Promise<void>,
): House {
  const { database, registry } = parts
  const progress = async (run: string) => {
    const found = await readProgress(database, registry, run)
    if (!found) throw new InputError(`There is no run "${run}"`)
    return found
  }
  return {
    parts,
    registry,
    settings,
    progress,
    async open(request) {
      const opened = await openRun(parts, request, parts)
      dispatcher.wake()
      // Those who work elsewhere wait for it; what cannot be published now is the sweeper's.
      await publishEvents(parts, { cause: undefined, step: 'pipeline', run: opened.run })
      return opened
    },
    async waitFor(run, withinMs = Number.POSITIVE_INFINITY) {
      const until = performance.now() + withinMs
      for (;;) {
        const [row] = await database.read<RunRow>('select * from pipeline.runs where run = $1', [run])
        if (!row) throw new InputError(`There is no run "${run}"`)
        const left = until - performance.now()
        if (row.state !== 'running' || left <= 0) return row
        await dispatcher.changed(Math.min(LOOK_EVERY_MS, left))
      }
    },
    async stop() {
      await stopWork()
      await database.close()
    },
  }
}
