import { openDatabase } from '../../../shared/adapters/postgres/database.ts'
import type { Database } from '../../../shared/ports/database.ts'
import type { Config } from '../../../shared/runtime/config.ts'
import { type MigrationState, migrationState, readMigrations } from '../../../shared/runtime/migrations.ts'
import { type Finding, workFinding } from './doctor-checks.ts'

const MIGRATIONS = new URL('../../../sql/migrations/', import.meta.url)
/** A check-up tells what does not answer now; it waits for nothing to come back. */
const PATIENCE_MS = 3_000
const PREPARE = 'run "edgefund bootstrap"'

/**
 * A real PostgreSQL as it is: nothing is migrated and nothing is worked on.
 * @throws UnavailableError when it is away. @throws InputError when a migration was applied with another content.
 */
export async function checkServer(url: string): Promise<Finding[]> {
  const database = openDatabase({ url, connections: 1, connectionTimeoutMs: PATIENCE_MS })
  try {
    const started = performance.now()
    const [{ version }] = await database.read<{ version: string }>(
      `select current_setting('server_version') as version`,
    )
    const answered = `postgresql ${version}, answered in ${(performance.now() - started).toFixed(1)} ms`
    const state = await migrationState(database, await readMigrations(MIGRATIONS))
    const finding = serverFinding(answered, state)
    return state.missing.length > 0 ? [finding] : [finding, workFinding(await readWork(database))]
  } finally {
    await database.close()
  }
}

function serverFinding(answered: string, { applied, missing, newer }: MigrationState): Finding {
  const newest = newer.length > 0 ? `, and ${newer.length} of a newer version` : ''
  const found = `${answered}, ${applied.length} of ${applied.length + missing.length} migrations${newest}`
  if (missing.length === 0) return { check: 'database', status: 'ok', found }
  return { check: 'database', status: 'fail', found: `${found}; it lacks ${missing.join(', ')}`, advice: PREPARE }
}

async function readWork(database: Database): Promise<{ running: number; dead: number }> {
  const [work] = await database.read<{ running: number; dead: number }>(
    `select (select count(*)::int from pipeline.runs where state = 'running') as running,
            (select count(*)::int from pipeline.deliveries where state = 'dead') as dead`,
  )
  return work
}

/**
 * NATS, its JetStream, and our streams and consumers there beside what the steps need.
 * @throws UnavailableError when it is away, has no JetStream, or does not let this user look.
 */
export async function checkBus({ natsUrl, natsCaFile }: Config): Promise<Finding> {
  if (natsUrl === undefined) return { check: 'nats', status: 'ok', found: 'not used' }
  const [{ openNats }, { busChanges }] = await Promise.all([
    import('../../../shared/adapters/nats/connect.ts'),
    import('../prepare/bus.ts'),
  ])
  const connection = await openNats({
    url: natsUrl,
    name: 'edgefund doctor',
    waitMs: PATIENCE_MS,
    caFile: natsCaFile,
  })
  try {
    const server = `nats-server ${connection.info?.version ?? '(unknown)'} at ${connection.getServer()}`
    const changes = await busChanges(connection, { dryRun: true, prune: false })
    return busFinding(server, changes)
  } finally {
    await connection.close()
  }
}

/** What the dry run of a preparation found, in words: missing is broken, different or superfluous is not. */
export function busFinding(server: string, changes: readonly { name: string; action: string }[]): Finding {
  const of = (action: string) => changes.filter((change) => change.action === action).map(({ name }) => name)
  const [missing, different, obsolete] = [of('create'), of('update'), of('obsolete')]
  const check = 'nats'
  if (missing.length > 0) {
    const found = `${server} lacks ${missing.length} of our ${changes.length - obsolete.length} parts (${missing[0]})`
    return { check, status: 'fail', found, advice: PREPARE }
  }
  if (different.length > 0) {
    return { check, status: 'warn', found: `${server}, set up otherwise: ${different.join(', ')}`, advice: PREPARE }
  }
  if (obsolete.length > 0) {
    const found = `${server}, nobody needs: ${obsolete.join(', ')}`
    return { check, status: 'warn', found, advice: 'look at "edgefund bootstrap --prune --dry-run"' }
  }
  return {
    check,
    status: 'ok',
    found: `${server}, ${changes.length} streams, consumers and buckets are as they should be`,
  }
}

/**
 * The bucket, by asking for its list. Whether its server does conditional writes is found out by `bootstrap`, which writes.
 * @throws UnavailableError when the server is away or refuses us.
 */
export async function checkObjects({ s3, home }: Config): Promise<Finding> {
  if (!s3) return { check: 's3', status: 'ok', found: `not used; objects lie in ${home}/objects` }
  const { prepareBucket } = await import('../../../shared/adapters/s3/prepare.ts')
  const { bucket } = await prepareBucket(s3, { dryRun: true, connectTimeoutMs: PATIENCE_MS, attempts: 1 })
  const found = `bucket ${s3.bucket} at ${new URL(s3.endpoint).host}`
  if (bucket === 'keep') return { check: 's3', status: 'ok', found }
  return { check: 's3', status: 'fail', found: `there is no ${found}`, advice: PREPARE }
}
