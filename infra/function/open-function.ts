import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { openDatabase } from '../../shared/adapters/postgres/database.ts'
import { systemClock } from '../../shared/ports/clock.ts'
import { InputError } from '../../shared/ports/errors.ts'
import { DEFAULT_BACKOFF } from '../../shared/runtime/attempt.ts'
import { type Config, readConfig } from '../../shared/runtime/config.ts'
import type { RuntimeMetrics } from '../../shared/runtime/metrics.ts'
import type { StepOutline } from '../../shared/runtime/outline.ts'
import type { AllPorts } from '../../shared/runtime/ports.ts'
import { createRegistry } from '../../shared/runtime/registry.ts'
import type { ServeParts } from '../../shared/runtime/serve.ts'
import type { Step } from '../../shared/runtime/step.ts'
import { natsBusPublisher } from '../wiring/bus-publisher.ts'
import { type Wire, wireSome } from '../wiring/parts.ts'
import { loadSettings } from '../wiring/settings-file.ts'
import { migrationCheck } from './require-migrations.ts'

/** What a function is made of. */
export interface FunctionParts {
  readonly name: string
  readonly steps: readonly Step<AllPorts>[]
  /** The steps of the chain that other functions run. */
  readonly others: readonly StepOutline[]
  /** A wire for each port that the steps use. */
  readonly wire: Readonly<Partial<Record<keyof AllPorts, Wire>>>
  /** How many migrations the database must have. */
  readonly migrations: number
  readonly version: string
}

export type Environment = Readonly<Record<string, string | undefined>>

/** A function that has read its configuration and can serve. */
export interface OpenFunction {
  readonly serve: ServeParts<AllPorts>
  /** Throws `UnavailableError` while the database is away or older than this version. */
  requireMigrated(): Promise<void>
  close(): Promise<void>
}

/** So many that all functions together fit a server's default of 100 connections. */
const CONNECTIONS = 2

/**
 * Reads the configuration and makes what the steps need. Nothing is connected yet but the bus, in the background.
 * @throws InputError when the environment, a secret or the settings are wrong.
 */
export async function openFunction(
  parts: FunctionParts,
  env: Environment,
  log: Logger,
  metrics: RuntimeMetrics,
): Promise<OpenFunction> {
  const { name } = parts
  const config = readConfig(env)
  log.level = config.logLevel
  const settings = loadSettings(config)
  if (config.databaseUrl === undefined) {
    throw new InputError('There is no database: neither DATABASE_URL nor the secret "edgefund-database-url" is set')
  }
  const database = openDatabase({
    url: config.databaseUrl,
    connections: CONNECTIONS,
    applicationName: `edgefund ${name}`,
  })
  const owner = ownerOf(name)
  const bus = config.natsUrl
    ? natsBusPublisher({ url: config.natsUrl, name: owner, caFile: config.natsCaFile }, log)
    : undefined
  const close = async () => {
    await Promise.allSettled([bus?.close(), database.close()])
  }
  try {
    const notice = (text: string) => log.info(text)
    const ports = await wireSome(
      {
        database,
        settings,
        clock: systemClock,
        objects: objectsPlace(config, env),
        notice,
        alerts: config.alerts,
        newsKeys: config.newsKeys,
        log,
        // The sweeper elsewhere says it again.
        offers: { local: false, onOffered: () => {} },
      },
      parts.wire,
    )
    bus?.connect()
    const serve: ServeParts<AllPorts> = {
      database,
      registry: createRegistry(parts.steps, parts.others),
      // Even without a bus of its own: the sweeper elsewhere publishes what this process says.
      local: false,
      ports: ports as AllPorts,
      publisher: bus,
      log,
      metrics,
      owner,
      backoff: DEFAULT_BACKOFF,
      onOffered: () => {},
      codeVersion: parts.version,
      configHash: settings.hash,
      auth: config.eventAuth,
      clock: systemClock,
      maxBodyBytes: config.maxBodyBytes,
    }
    return { serve, requireMigrated: migrationCheck(database, parts.migrations), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Names this process in leases. Containers reuse host names and process ids, so chance makes it unique. */
function ownerOf(name: string): string {
  return `${name}/${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`
}

/** A function's home is its container's own disk, where nobody else would find an object: only a home that somebody named counts. */
function objectsPlace({ s3, home }: Config, env: Environment) {
  return { s3, folder: env.EDGEFUND_HOME ? join(home, 'objects') : undefined }
}
