import { readFileSync } from 'node:fs'
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
  readonly natsUrl: string | undefined
  readonly s3Endpoint: string | undefined
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly eventAuth: EventAuth
  /** Settings file, when not `edgefund.yaml` in the home or the working folder. */
  readonly settingsFile: string | undefined
  readonly maxBodyBytes: number
  /** Steps at once in one process. */
  readonly concurrency: number
}

const SECRETS_FOLDER = '/var/openfaas/secrets'

const optional = z.string().optional()
const url = (protocols: readonly string[]) =>
  optional.refine((text) => text === undefined || protocols.some((protocol) => text.startsWith(`${protocol}://`)), {
    error: `expected an address that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  })

const environment = z.object({
  EDGEFUND_HOME: z.string().default('.edgefund'),
  DATABASE_URL: url(['postgres', 'postgresql']),
  NATS_URL: url(['nats', 'tls', 'ws', 'wss']),
  S3_ENDPOINT: url(['http', 'https']),
  EDGEFUND_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  EDGEFUND_EVENT_AUTH: z.enum(['none', 'signed']).default('none'),
  EDGEFUND_SETTINGS: optional,
  EDGEFUND_MAX_BODY_BYTES: z.coerce.number().int().positive().default(1_000_000),
  EDGEFUND_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(3),
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
  const {
    EDGEFUND_HOME,
    DATABASE_URL,
    NATS_URL,
    S3_ENDPOINT,
    EDGEFUND_LOG_LEVEL,
    EDGEFUND_EVENT_AUTH,
    EDGEFUND_SETTINGS,
    EDGEFUND_MAX_BODY_BYTES,
    EDGEFUND_CONCURRENCY,
  } = parsed.data
  return {
    home: resolve(EDGEFUND_HOME),
    databaseUrl: DATABASE_URL ?? secret('database-url'),
    natsUrl: NATS_URL,
    s3Endpoint: S3_ENDPOINT,
    logLevel: EDGEFUND_LOG_LEVEL,
    eventAuth: EDGEFUND_EVENT_AUTH === 'none' ? 'none' : signedAuth(present),
    settingsFile: EDGEFUND_SETTINGS,
    maxBodyBytes: EDGEFUND_MAX_BODY_BYTES,
    concurrency: EDGEFUND_CONCURRENCY,
  }
}

/** Event keys as `id:secret[,id:secret]`, from the secret file or, for development, the environment. */
function signedAuth(env: Readonly<Record<string, string | undefined>>): EventAuth {
  const text = secret('event-keys') ?? env.EDGEFUND_EVENT_KEYS
  if (!text) throw new InputError('EDGEFUND_EVENT_AUTH is "signed" but there is no secret "event-keys"')
  const keys = text.split(',').map((pair) => {
    const [id, ...rest] = pair.trim().split(':')
    if (!id || rest.length === 0) throw new InputError('The secret "event-keys" is not written id:secret[,id:secret]')
    return { id, secret: rest.join(':') }
  })
  return { keys, token: secret('api-token') ?? env.EDGEFUND_API_TOKEN }
}

function secret(name: string): string | undefined {
  try {
    return readFileSync(`${SECRETS_FOLDER}/${name}`, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}
