import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { UnavailableError } from '../../shared/ports/errors.ts'
import type { Publisher } from '../../shared/ports/publisher.ts'
import { describe } from '../../shared/runtime/attempt.ts'

export interface BusPublisher extends Publisher {
  /** Begins to connect, if nobody has yet. Waits for nothing. */
  connect(): void
  close(): Promise<void>
}

/** A connection to the bus, as far as a publisher needs one. */
export interface BusConnection {
  readonly publisher: Publisher
  close(): Promise<void>
  /** Resolves when the connection is gone for good; one that comes back by itself is not gone. */
  readonly gone: Promise<unknown>
}

export interface BusPublisherOptions {
  readonly connect: () => Promise<BusConnection>
  readonly log: Logger
  /** How long a publication waits for a connection that is being made. */
  readonly patienceMs?: number
  /** How long after a failed connection the next one is tried. */
  readonly restMs?: number
}

/**
 * A publisher that connects behind the back of the work. A first connection is waited for a moment; once that was in vain, publications
 * fail at once with an `UnavailableError`, which leaves their events to the sweeper, until the bus is there.
 */
export function busPublisher(options: BusPublisherOptions): BusPublisher {
  const { log, patienceMs = 1_500, restMs = 5_000 } = options
  let connecting: Promise<BusConnection> | undefined
  let open: BusConnection | undefined
  let inVain = false
  let restUntil = 0
  let closed = false

  const connect = () => {
    if (open || connecting || closed || performance.now() < restUntil) return
    connecting = options.connect()
    connecting.then(arrived, fail)
  }
  const arrived = (connection: BusConnection) => {
    connecting = undefined
    if (closed) return void connection.close().catch(() => {})
    open = connection
    inVain = false
    const forget = () => {
      if (open === connection) open = undefined
    }
    connection.gone.then(forget, forget)
  }
  const fail = (error: unknown) => {
    connecting = undefined
    inVain = true
    restUntil = performance.now() + restMs
    log.warn({ reason: describe(error) }, 'the bus cannot be reached; events are left to the sweeper')
  }

  return {
    connect,
    async publish(events, options) {
      connect()
      if (!open && connecting && !inVain) {
        await Promise.race([connecting.catch(() => {}), sleep(patienceMs, undefined, { ref: false })])
        inVain = open === undefined
      }
      if (!open) throw new UnavailableError('The bus is not connected')
      await open.publisher.publish(events, options)
    },
    async close() {
      closed = true
      // One that is still being made is closed as soon as it is there; nobody waits for it.
      await open?.close().catch(() => {})
      open = undefined
    },
  }
}

/** A publisher to NATS JetStream. Its client is loaded when it is first used. */
export function natsBusPublisher(
  nats: { readonly url: string; readonly name: string; readonly caFile: string | undefined },
  log: Logger,
): BusPublisher {
  const connect = async (): Promise<BusConnection> => {
    const [{ openNats }, { natsPublisher }] = await Promise.all([
      import('../../shared/adapters/nats/connect.ts'),
      import('../../shared/adapters/nats/publisher.ts'),
    ])
    const { url, name, caFile } = nats
    const connection = await openNats({ url, name, caFile })
    return { publisher: natsPublisher(connection), close: () => connection.close(), gone: connection.closed() }
  }
  return busPublisher({ connect, log })
}
