import type { NatsConnection, Status } from '@nats-io/transport-node'

interface Link {
  connected: boolean
  readonly listeners: Set<() => void>
}

const links = new WeakMap<NatsConnection, Link>()

/** Keeps account of whether a connection stands; the client does not tell. */
export function watchConnection(connection: NatsConnection, onStatus?: (status: Status) => void): void {
  const link: Link = { connected: true, listeners: new Set() }
  links.set(connection, link)
  const lose = () => {
    link.connected = false
    for (const listener of [...link.listeners]) listener()
  }
  const follow = async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') lose()
      if (status.type === 'reconnect') link.connected = true
      onStatus?.(status)
    }
    lose()
  }
  follow().catch(lose)
}

/** Whether the connection stands at this moment, as far as we know. */
export function isConnected(connection: NatsConnection): boolean {
  return !connection.isClosed() && (links.get(connection)?.connected ?? true)
}

/** Calls back each time the connection is lost; answers how to stop listening. */
export function onLost(connection: NatsConnection, listener: () => void): () => void {
  const listeners = links.get(connection)?.listeners
  listeners?.add(listener)
  return () => listeners?.delete(listener)
}
