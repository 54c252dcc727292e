import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { InputError } from '../ports/errors.ts'
import type { EventAuth } from './serve.ts'

/** Addresses, secrets and switches, from the environment, read once at the start. */
export interface Config {
  /** Where local state lives. */
  readonly home: string
  /** A real PostgreSQL; the embedded one when absent. */
  readonly databaseUrl: string | undefined
  /** A real NATS with JetStream; user and password are part of the address. */
  readonly natsUrl: string | undefined
  /** The authority that signed NATS' certificate, as a file, when it is not a public one. */
  readonly natsCaFile: string | undefined
  /** A real object store; a folder of the home when absent. */
  readonly s3: S3Config | undefined
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly eventAuth: EventAuth
  /** Settings file, when not `edgefund.yaml` in the home or the working folder. */
  readonly settingsFile: string | undefined
  readonly mandateFile: string | undefined
  readonly maxBodyBytes: number
  /** Where secrets are, as files. */
  readonly secretsFolder: string
  /** Steps at once in one process. */
  readonly concurrency: number
  /** Who works on what is due: this process, or the functions and the bridge of a cluster that this one only opens runs for and looks at. */
  readonly work: 'here' | 'elsewhere'
  /** Where the bridge finds the functions, how they are packaged there, and where it answers questions of its own. */
  readonly bridge: { readonly gatewayUrl: string; readonly packaging: 'each' | 'folded'; readonly port: number }
  readonly alerts: AlertsConfig
  readonly newsKeys: NewsKeys
}

/** What the sources of headlines that know their readers ask for. */
export interface NewsKeys {
  readonly finnhub: string | undefined
  readonly marketaux: string | undefined
}

/** Whom alerts are told, beside the log. */
export interface AlertsConfig {
  readonly webhook: { readonly url: string; readonly secret: string | undefined } | undefined
  readonly mail: { readonly smtpUrl: string; readonly from: string; readonly to: string } | undefined
}

export interface S3Config {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly accessKey: string
  readonly secretKey: string
}

/** What NATS carries at most, by its own default: a smaller limit would call an event poison that had travelled well. */
const MOST_BODY_BYTES = 1_048_576

/** Where OpenFaaS mounts secrets. */
const SECRETS_FOLDER = '/var/openfaas/secrets'

/** Every secret there is, by the name of its file; `faas-cli secret create` makes them. */
export const SECRETS = [
  'edgefund-database-url',
  'edgefund-nats-url',
  'edgefund-s3-access-key',
  'edgefund-s3-secret-key',
  'edgefund-event-keys',
  'edgefund-api-token',
  'edgefund-settings',
  'edgefund-mandate',
  'edgefund-alert-webhook',
  'edgefund-alert-webhook-secret',
  'edgefund-smtp-url',
  'edgefund-finnhub-key',
  'edgefund-marketaux-key',
] as const

type SecretName = (typeof SECRETS)[number]

const optional = z.string().optional()
const url = (...protocols: readonly string[]) =>
  z.string().refine((text) => protocols.some((protocol) => text.startsWith(`${protocol}://`)), {
    error: `expected an address that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  })

const environment = z.object({
  EDGEFUND_HOME: z.string().default('.edgefund'),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  NATS_URL: url('nats', 'tls').optional(),
  NATS_CA_FILE: optional,
  S3_ENDPOINT: url('http', 'https').optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_BUCKET: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'expected a bucket name: 3 to 63 lower-case letters, digits, "-" or "."',
    )
    .default('edgefund'),
  S3_ACCESS_KEY: optional,
  S3_SECRET_KEY: optional,
  EDGEFUND_EVENT_KEYS: optional,
  EDGEFUND_API_TOKEN: optional,
  EDGEFUND_GATEWAY_URL: url('http', 'https').default('http://gateway.openfaas:8080'),
  EDGEFUND_PACKAGING: z.enum(['each', 'folded']).default('each'),
  EDGEFUND_BRIDGE_PORT: z.coerce.number().int().min(0).max(65_535).default(8090),
  EDGEFUND_SECRETS: z.string().default(SECRETS_FOLDER),
  EDGEFUND_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  EDGEFUND_EVENT_AUTH: z.enum(['none', 'signed']).default('none'),
  EDGEFUND_SETTINGS: optional,
  EDGEFUND_MANDATE: optional,
  EDGEFUND_MAX_BODY_BYTES: z.coerce.number().int().positive().default(MOST_BODY_BYTES),
  EDGEFUND_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(3),
  EDGEFUND_WORK: z.enum(['here', 'elsewhere']).default('here'),
  EDGEFUND_ALERT_WEBHOOK: optional,
  EDGEFUND_ALERT_WEBHOOK_SECRET: optional,
  EDGEFUND_SMTP_URL: optional,
  EDGEFUND_ALERT_FROM: optional,
  EDGEFUND_ALERT_TO: optional,
  FINNHUB_API_KEY: optional,
  MARKETAUX_API_KEY: optional,
})

/** Reads the environment; an empty variable counts as unset, a wrong one stops the start with a sentence that names it. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(present)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const name = String(issue.path[0])
    // A wrong address may hold a password: name it, do not print it.
    const found = name.endsWith('_URL') ? '' : ` is ${JSON.stringify(present[name])}`
    throw new InputError(`Environment variable ${name}${found}: ${issue.message}`)
  }
  const given = parsed.data
  const secret = (name: SecretName) => readSecret(given.EDGEFUND_SECRETS, name)
  const databaseUrl = given.DATABASE_URL ?? secret('edgefund-database-url')
  if (given.EDGEFUND_WORK === 'elsewhere' && databaseUrl === undefined) {
    throw new InputError('EDGEFUND_WORK is "elsewhere" but DATABASE_URL is not set: only a real PostgreSQL is shared')
  }
  return {
    home: resolve(given.EDGEFUND_HOME),
    databaseUrl,
    natsUrl: given.NATS_URL ?? secret('edgefund-nats-url'),
    natsCaFile: given.NATS_CA_FILE,
    s3: s3Config(given, secret),
    logLevel: given.EDGEFUND_LOG_LEVEL,
    eventAuth: given.EDGEFUND_EVENT_AUTH === 'none' ? 'none' : signedAuth(given, secret),
    settingsFile: given.EDGEFUND_SETTINGS ?? existing(`${given.EDGEFUND_SECRETS}/edgefund-settings`),
    mandateFile: given.EDGEFUND_MANDATE ?? existing(`${given.EDGEFUND_SECRETS}/edgefund-mandate`),
    maxBodyBytes: given.EDGEFUND_MAX_BODY_BYTES,
    secretsFolder: given.EDGEFUND_SECRETS,
    concurrency: given.EDGEFUND_CONCURRENCY,
    work: given.EDGEFUND_WORK,
    bridge: {
      gatewayUrl: given.EDGEFUND_GATEWAY_URL,
      packaging: given.EDGEFUND_PACKAGING,
      port: given.EDGEFUND_BRIDGE_PORT,
    },
    alerts: alertsConfig(given, secret),
    newsKeys: {
      finnhub: given.FINNHUB_API_KEY ?? secret('edgefund-finnhub-key'),
      marketaux: given.MARKETAUX_API_KEY ?? secret('edgefund-marketaux-key'),
    },
  }
}

function existing(file: string): string | undefined {
  return existsSync(file) ? file : undefined
}

type Given = z.infer<typeof environment>
type ReadSecret = (name: SecretName) => string | undefined

function s3Config(given: Given, secret: ReadSecret): S3Config | undefined {
  if (given.S3_ENDPOINT === undefined) return undefined
  const accessKey = given.S3_ACCESS_KEY ?? secret('edgefund-s3-access-key')
  const secretKey = given.S3_SECRET_KEY ?? secret('edgefund-s3-secret-key')
  if (accessKey === undefined || secretKey === undefined) {
    const missing = accessKey === undefined ? 'edgefund-s3-access-key' : 'edgefund-s3-secret-key'
    throw new InputError(`S3_ENDPOINT is set but there is no secret "${missing}"`)
  }
  return { endpoint: given.S3_ENDPOINT, region: given.S3_REGION, bucket: given.S3_BUCKET, accessKey, secretKey }
}

/** Addresses hold tokens and passwords: a wrong one is named, never printed. */
function alertsConfig(given: Given, secret: ReadSecret): AlertsConfig {
  const webhook = given.EDGEFUND_ALERT_WEBHOOK ?? secret('edgefund-alert-webhook')
  const smtpUrl = given.EDGEFUND_SMTP_URL ?? secret('edgefund-smtp-url')
  const { EDGEFUND_ALERT_FROM: from, EDGEFUND_ALERT_TO: to } = given
  if (webhook !== undefined && !isAddress(webhook, 'http:', 'https:')) {
    throw new InputError(
      'EDGEFUND_ALERT_WEBHOOK, or the secret for it, is no address that starts with http:// or https://',
    )
  }
  if (smtpUrl !== undefined && !isAddress(smtpUrl, 'smtp:', 'smtps:')) {
    throw new InputError('EDGEFUND_SMTP_URL, or the secret for it, is no address that starts with smtp:// or smtps://')
  }
  if (smtpUrl !== undefined && (from === undefined || to === undefined)) {
    const missing = from === undefined ? 'EDGEFUND_ALERT_FROM' : 'EDGEFUND_ALERT_TO'
    throw new InputError(`There is a mail server for alerts but ${missing} is not set`)
  }
  const key = given.EDGEFUND_ALERT_WEBHOOK_SECRET ?? secret('edgefund-alert-webhook-secret')
  return {
    webhook: webhook === undefined ? undefined : { url: webhook, secret: key },
    mail: smtpUrl === undefined || from === undefined || to === undefined ? undefined : { smtpUrl, from, to },
  }
}

function isAddress(text: string, ...protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol)
}

/** Event keys as `id:secret[,id:secret]`, from the secret file or, for development, the environment. */
function signedAuth(given: Given, secret: ReadSecret): EventAuth {
  const text = secret('edgefund-event-keys') ?? given.EDGEFUND_EVENT_KEYS
  if (!text) throw new InputError('EDGEFUND_EVENT_AUTH is "signed" but there is no secret "edgefund-event-keys"')
  const keys = text.split(',').map((pair) => {
    const [id, ...rest] = pair.trim().split(':')
    if (!id || rest.length === 0)
      throw new InputError('The secret "edgefund-event-keys" is not written id:secret[,id:secret]')
    return { id, secret: rest.join(':') }
  })
  return { keys, token: secret('edgefund-api-token') ?? given.EDGEFUND_API_TOKEN }
}

function readSecret(folder: string, name: SecretName): string | undefined {
  try {
    return readFileSync(`${folder}/${name}`, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}
