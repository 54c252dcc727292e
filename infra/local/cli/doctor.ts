import type { Command } from 'commander'
import { describe } from '../../../shared/runtime/attempt.ts'
import type { Config } from '../../../shared/runtime/config.ts'
import { readMigrations } from '../../../shared/runtime/migrations.ts'
import type { DatabaseHealth } from '../operations/database.ts'
import type { Context } from './context.ts'
import {
  checkClock,
  checkDisk,
  checkHome,
  checkLock,
  checkNode,
  checkPackages,
  checkProvider,
  type Finding,
  hasState,
  workFinding,
} from './doctor-checks.ts'
import { EXIT, Interrupted } from './exit.ts'
import { printJson } from './output.ts'
import { withState } from './state.ts'
import { textTable } from './text-table.ts'

const MIGRATIONS = new URL('../../../sql/migrations/', import.meta.url)

/** Adds `doctor`: is everything there that edgefund leans on? */
export function registerDoctor(program: Command, context: Context): void {
  program
    .command('doctor')
    .description('Looks at everything edgefund leans on and says what to do about it.')
    .addHelpText('after', '\nThe exit code is 3 when something fails, else 0.')
    .action(async () => {
      const findings = await examine(context)
      const io = context.io()
      if (io.json) printJson(io, findings)
      else io.stdout(textTable(['check', 'status', 'found', 'what to do'], findings.map(toRow)))
      context.endsWith(findings.some(({ status }) => status === 'fail') ? EXIT.unavailable : EXIT.ok)
    })
}

const toRow = ({ check, status, found, advice }: Finding) => [check, status, found, advice]

async function examine(context: Context): Promise<Finding[]> {
  const findings: Finding[] = [checkNode(process.versions.node), checkPackages(), checkClock(Date.now())]
  const look = async (check: string, work: () => Finding | Promise<Finding | readonly Finding[]>): Promise<boolean> => {
    try {
      const found = await work()
      findings.push(...(Array.isArray(found) ? found : [found]))
      return true
    } catch (error) {
      if (error instanceof Interrupted) throw error
      findings.push({ check, status: 'fail', found: describe(error) })
      return false
    }
  }
  const configured = await look('configuration', () => {
    context.config()
    return { check: 'configuration', status: 'ok', found: 'readable' }
  })
  if (!configured) return findings
  const config = context.config()
  await look('home', () => checkHome(config.home))
  await look('disk', () => checkDisk(config.home))
  await look('lock', () => checkLock(config.home))
  const { findSettingsFile, loadSettings } = await import('../../wiring/settings-file.ts')
  const settled = await look('settings', () => {
    loadSettings(config)
    return { check: 'settings', status: 'ok', found: findSettingsFile(config) ?? 'defaults (no edgefund.yaml)' }
  })
  if (!settled) return findings
  await look('provider', () => checkProvider(loadSettings(config)))
  await look('sentiment', async () =>
    (await import('./doctor-sentiment.ts')).checkSentiment(config, loadSettings(config)),
  )
  await look('database', () => checkDatabase(context, config))
  await look('nats', async () => (await import('./doctor-cluster.ts')).checkBus(config))
  await look('s3', async () => (await import('./doctor-cluster.ts')).checkObjects(config))
  return findings
}

/** A server is looked at as it is; the embedded database is asked of whoever owns it. */
async function checkDatabase(context: Context, config: Config): Promise<readonly Finding[]> {
  if (config.databaseUrl !== undefined) return (await import('./doctor-cluster.ts')).checkServer(config.databaseUrl)
  if (hasState(config)) return checkState(context)
  return [{ check: 'database', status: 'ok', found: 'embedded, made at the first run' }]
}

async function checkState(context: Context): Promise<Finding[]> {
  const health = await withState(context, 'doctor', (operations) => operations.call('database-check', {}))
  const { length } = await readMigrations(MIGRATIONS)
  return [databaseFinding(health, length), workFinding(health)]
}

function databaseFinding({ engine, version, answeredInMs, migrations }: DatabaseHealth, known: number): Finding {
  const found = `${engine} ${version}, ${migrations} of ${known} migrations, answered in ${answeredInMs.toFixed(1)} ms`
  if (migrations >= known) return { check: 'database', status: 'ok', found }
  return { check: 'database', status: 'fail', found, advice: 'stop the older process, then "edgefund db migrate"' }
}
