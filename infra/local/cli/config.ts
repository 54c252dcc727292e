import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { readServers } from '../../../shared/adapters/nats/servers.ts'
import { isRecord } from '../../../shared/domain/is-record.ts'
import { type Config, SECRETS } from '../../../shared/runtime/config.ts'
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
      const { findMandateFile, findSettingsFile, loadSettings } = await import('../../wiring/settings-file.ts')
      const config = context.config()
      const shown = {
        config: visibleConfig(config),
        mounted_files: secretFiles(config.secretsFolder),
        settings_file: findSettingsFile(config) ?? null,
        settings: visibleSettings(loadSettings(config)),
        mandate_file: findMandateFile(config) ?? null,
        mandate: loadSettings(config).mandate,
      }
      const io = context.io()
      if (io.json) return printJson(io, shown)
      const rows = (values: Record<string, Cell>) => Object.entries(values)
      const file = shown.settings_file ?? 'none, these are the defaults'
      const mounted = ['mounted_files', shown.mounted_files.join(',') || 'none']
      io.stdout(textTable(['configuration', 'value'], [...rows(shown.config), mounted]))
      io.stdout(`\n${textTable(['setting', 'value'], [['file', file], ...rows(flat(shown.settings))])}`)
      const mandate = [['file', shown.mandate_file ?? 'none, this is a shipped one'], ...rules(shown.mandate)]
      io.stdout(`\n${textTable(['mandate', 'value'], mandate)}`)
    })
}

/** The configuration as anybody may see it. */
export function visibleConfig(config: Config): Record<string, Cell> {
  return {
    home: config.home,
    database: config.databaseUrl === undefined ? 'embedded' : maskUrl(config.databaseUrl),
    nats: config.natsUrl === undefined ? null : maskServers(config.natsUrl),
    nats_ca_file: config.natsCaFile ?? null,
    s3: config.s3 === undefined ? null : `${maskUrl(config.s3.endpoint).replace(/\/?$/, '/')}${config.s3.bucket}`,
    s3_region: config.s3?.region ?? null,
    work: config.work,
    gateway: maskUrl(config.bridge.gatewayUrl),
    packaging: config.bridge.packaging,
    bridge_port: config.bridge.port,
    log_level: config.logLevel,
    event_auth: visibleAuth(config.eventAuth),
    alert_webhook: visibleWebhook(config.alerts),
    news_keys:
      Object.entries(config.newsKeys)
        .flatMap(([name, key]) => (key === undefined ? [] : [name]))
        .join(', ') || null,
    alert_mail: config.alerts.mail ? `${config.alerts.mail.to} by ${maskUrl(config.alerts.mail.smtpUrl)}` : null,
    max_body_bytes: config.maxBodyBytes,
    concurrency: config.concurrency,
  }
}

/** The server alone: the path of such an address is often its password. */
function visibleWebhook({ webhook }: Config['alerts']): string | null {
  if (webhook === undefined) return null
  return `${new URL(webhook.url).origin}, ${webhook.secret === undefined ? 'not signed' : 'signed'}`
}

/** The keys by their ids: the bridge signs with the first, functions take all of them. */
function visibleAuth(auth: Config['eventAuth']): string {
  if (auth === 'none') return 'none'
  const ids = auth.keys.map(({ id }) => id).join(', ')
  return `signed with ${ids}; ${auth.token === undefined ? 'no token' : 'a token'} for people`
}

/** The secrets that are there as files, by name. */
export function secretFiles(folder: string): string[] {
  return SECRETS.filter((name) => existsSync(join(folder, name)))
}

function visibleSettings({ instruments, mandate, news, sentiment, ...settings }: Settings) {
  const { url } = sentiment
  return {
    ...settings,
    news: news.map(visibleNews),
    sentiment: { ...sentiment, ...(url !== undefined && { url: maskUrl(url) }) },
    mandate: mandate.name,
    symbols: instruments.map(({ symbol }) => symbol),
  }
}

/** A source by its name and what it reads; the address of a feed may hold somebody's key. */
function visibleNews(source: Settings['news'][number]): string {
  if (source.name === 'rss') return `rss (${source.feeds?.map(({ url }) => maskUrl(url)).join(' ') ?? "Yahoo's feeds"})`
  return source.name === 'file' ? `file (${source.data})` : source.name
}

/** A mandate's rules by their path, the listings as symbols. */
function rules(value: unknown, path = ''): Cell[][] {
  if (Array.isArray(value)) {
    return [[path, value.map((item) => (isRecord(item) ? (item.symbol as Cell) : item)).join(',') || 'none']]
  }
  if (!isRecord(value)) return [[path, value as Cell]]
  return Object.entries(value).flatMap(([name, inner]) => rules(inner, path === '' ? name : `${path}.${name}`))
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

/** NATS' addresses, several with commas between them, without password or token. */
export function maskServers(text: string): string {
  try {
    const { hosts, user, password, tls } = readServers(text)
    const who = user === undefined ? '' : password === undefined ? '***@' : `${encodeURIComponent(user)}:***@`
    return `${tls ? 'tls' : 'nats'}://${who}${hosts.join(',')}`
  } catch {
    return '*** (not an address)'
  }
}
