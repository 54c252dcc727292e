import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectionOptions, connect, type NatsConnection, type Status } from '@nats-io/transport-node'
import { InputError, UnavailableError } from '../../ports/errors.ts'
import { natsFailure } from './failure.ts'
import { watchConnection } from './link.ts'
import { type NatsServers, readServers } from './servers.ts'

export { BusGoneError, natsFailure } from './failure.ts'

export interface NatsOptions {
  /** `nats://user:password@host:port`, several with commas between them; `tls://` where only an encrypted connection will do. */
  readonly url: string
  /** Under which the server lists this connection. */
  readonly name: string
  /** PEM file of the authority that signed the server's certificate, when it is not a public one. Demands an encrypted connection. */
  readonly caFile?: string
  /** How long the first connection is tried for. */
  readonly waitMs?: number
  /** Hears of every loss and return of the connection, and of what the server refused. */
  readonly onStatus?: (status: Status) => void
}

const WAIT_MS = 5_000
const PAUSE_MS = 250

/**
 * Connects to NATS. A connection that was made once comes back by itself for as long as the process lives; the first one is tried for a
 * while, then an `UnavailableError` names the servers, never the password. A wrong address or CA file is an `InputError`.
 */
export async function openNats(options: NatsOptions): Promise<NatsConnection> {
  const servers = readServers(options.url)
  const given = connectionOptions(servers, options)
  const until = performance.now() + (options.waitMs ?? WAIT_MS)
  for (;;) {
    try {
      const connection = await connect(given)
      watchConnection(connection, options.onStatus)
      return connection
    } catch (error) {
      if (performance.now() + PAUSE_MS < until) await sleep(PAUSE_MS)
      else throw refusal(servers, error)
    }
  }
}

/** Where the answers to a user's requests arrive. It is the user's own, so that the server can keep all others from listening there. */
export function inboxPrefixOf(user: string | undefined): string {
  return user === undefined ? '_INBOX' : `_INBOX_${user.replace(/[^A-Za-z0-9_-]/g, '_')}`
}

function connectionOptions({ hosts, user, password, tls }: NatsServers, options: NatsOptions): ConnectionOptions {
  return {
    servers: [...hosts],
    name: options.name,
    inboxPrefix: inboxPrefixOf(user),
    ...(user !== undefined && password === undefined && { token: user }),
    ...(user !== undefined && password !== undefined && { user, pass: password }),
    ...((tls || options.caFile !== undefined) && { tls: { ...authorityIn(options.caFile) } }),
    timeout: Math.min(Math.max(options.waitMs ?? WAIT_MS, 1_000), 5_000),
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 500,
    reconnectJitterTLS: 1_000,
    // A user the server does not know yet, or whose password is being changed, is waited for like a server that is away.
    ignoreAuthErrorAbort: true,
    // A host that lost its power sends no farewell: after a minute without an answer the connection counts as lost.
    pingInterval: 20_000,
    maxPingOut: 2,
    // A stack of every request costs more than the request.
    noAsyncTraces: true,
  }
}

function authorityIn(file: string | undefined): { ca?: string } {
  if (file === undefined) return {}
  try {
    return { ca: readFileSync(file, 'utf8') }
  } catch (error) {
    throw new InputError(`The CA file of NATS, ${file}, cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

function refusal({ hosts }: NatsServers, error: unknown): Error {
  const doing = `connect to NATS at ${hosts.join(', ')}`
  const failure = natsFailure(doing, error)
  if (failure instanceof UnavailableError) return failure
  return new UnavailableError(`Cannot ${doing}: ${failure.message || 'connection refused'}`, { cause: error })
}
