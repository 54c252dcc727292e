import type { Command } from 'commander'
import type { Config } from '../../../shared/runtime/config.ts'
import type { Settings } from '../../../shared/runtime/settings.ts'
import type { Context } from './context.ts'
import { type Cell, printJson } from './output.ts'
import { textTable } from './text-table.ts'

/** Adds `config show`: what counts, from wherever it came. */
export function registerConfig(program: Command, context: Context): void {
  program
    .command('config')
    .description('Configuration and settings.')
    .command('show')
    .summary('what counts now')
    .description('Shows the configuration (environment) and the settings (edgefund.yaml) that count, without secrets.')
    .action(async () => {
      const { findSettingsFile, loadSettings } = await import('../../wiring/settings-file.ts')
      const config = context.config()
      const shown = {
        config: visibleConfig(config),
        settings_file: findSettingsFile(config) ?? null,
        settings: visibleSettings(loadSettings(config)),
      }
      const io = context.io()
      if (io.json) return printJson(io, shown)
      const rows = (values: Record<string, Cell>) => Object.entries(values)
      const file = shown.settings_file ?? 'none, these are the defaults'
      io.stdout(textTable(['configuration', 'value'], rows(shown.config)))
      io.stdout(`\n${textTable(['setting', 'value'], [['file', file], ...rows(flat(shown.settings))])}`)
    })
}

/** The configuration as anybody may see it. */
export function visibleConfig(config: Config): Record<string, Cell> {
  return {
    home: config.home,
    database: config.databaseUrl === undefined ? 'embedded' : maskUrl(config.databaseUrl),
    nats: config.natsUrl === undefined ? null : maskUrl(config.natsUrl),
    s3: config.s3 === undefined ? null : `${maskUrl(config.s3.endpoint)}/${config.s3.bucket}`,
    log_level: config.logLevel,
    event_auth: config.eventAuth === 'none' ? 'none' : `signed, ${config.eventAuth.keys.length} keys`,
    max_body_bytes: config.maxBodyBytes,
    concurrency: config.concurrency,
  }
}

function visibleSettings({ instruments, ...settings }: Settings) {
  return { ...settings, symbols: instruments.map(({ symbol }) => symbol) }
}

function flat(settings: object): Record<string, Cell> {
  const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : (value as Cell))
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : text(value)]),
  )
}

/**
 * An address without its password and without parameters, where a password may be too. What is no address is not shown at all, for it may
 * be a password that was pasted wrongly.
 */
export function maskUrl(text: string): string {
  try {
    const url = new URL(text)
    if (url.password) url.password = '***'
    if (!url.password && url.username && url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
      url.username = '***'
    url.search = url.search === '' ? '' : '?***'
    url.hash = ''
    return url.href
  } catch {
    return '*** (not an address)'
  }
}
