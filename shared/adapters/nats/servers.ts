import { InputError } from '../../ports/errors.ts'

/** Where NATS is and as whom we come, taken apart. */
export interface NatsServers {
  /** `host:port`, without user and password: fit for a message. */
  readonly hosts: readonly string[]
  readonly user: string | undefined
  readonly password: string | undefined
  /** Only an encrypted connection will do. */
  readonly tls: boolean
}

const DEFAULT_PORT = 4222

/**
 * Reads `nats://user:password@host:port,host:port`. All servers are one cluster, so one user, one password and one answer to whether it is
 * encrypted hold for all. Never names a password.
 */
export function readServers(url: string): NatsServers {
  const parts = url
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.length === 0) throw new InputError('The address of NATS is empty; expected nats://host:port')
  const servers = parts.map(readServer)
  const [first] = servers
  if (servers.some(({ tls }) => tls !== first.tls)) {
    throw new InputError('The address of NATS mixes nats:// and tls://; expected one of them for all servers')
  }
  const named = servers.filter(({ user }) => user !== undefined)
  const [credentials] = named
  if (named.some(({ user, password }) => user !== credentials.user || password !== credentials.password)) {
    throw new InputError('The address of NATS names several users or passwords; expected one for all servers')
  }
  const hosts = servers.map(({ host }) => host)
  return { hosts, user: credentials?.user, password: credentials?.password, tls: first.tls }
}

function readServer(text: string, index: number) {
  const address = /^[a-z]+:\/\//i.test(text) ? text : `nats://${text}`
  const parsed = URL.canParse(address) ? new URL(address) : undefined
  if (!parsed || parsed.hostname === '') {
    throw new InputError(`Server ${index + 1} in the address of NATS cannot be read; expected nats://host:port`)
  }
  if (parsed.protocol !== 'nats:' && parsed.protocol !== 'tls:') {
    throw new InputError(`The address of NATS begins with ${parsed.protocol}//; expected nats:// or tls://`)
  }
  return {
    host: `${parsed.hostname}:${parsed.port || DEFAULT_PORT}`,
    user: parsed.username === '' ? undefined : decodeURIComponent(parsed.username),
    password: parsed.password === '' ? undefined : decodeURIComponent(parsed.password),
    tls: parsed.protocol === 'tls:',
  }
}
