import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { openConsumer } from '../../shared/adapters/nats/consumer.ts'
import { natsFailure } from '../../shared/adapters/nats/failure.ts'
import { isConnected } from '../../shared/adapters/nats/link.ts'
import { openOrdered } from '../../shared/adapters/nats/ordered.ts'
import { ensureTopology } from '../../shared/adapters/nats/topology.ts'
import type { BusTopology } from '../../shared/ports/bus.ts'
import { UnavailableError } from '../../shared/ports/errors.ts'
import { streamIdentity } from '../../shared/runtime/batch.ts'
import type { Bus, OrderedReader, ReadMessage } from './bus.ts'

/** The bus on NATS JetStream. */
export function natsBus(connection: NatsConnection, topology: BusTopology, replicas: number): Bus {
  let ensuring: Promise<void> | undefined
  return {
    open: (plan) => openConsumer(connection, plan),
    openOrdered: (plan, behind) => openReader(connection, plan, behind),
    ensure() {
      // Every consumer notices at once that its stream is gone; one of them mends it for all.
      const mending =
        ensuring ??
        ensureTopology(connection, topology, { replicas })
          .then(() => {})
          .finally(() => {
            ensuring = undefined
          })
      ensuring = mending
      return mending
    },
    connected: () => isConnected(connection),
  }
}

async function openReader(
  connection: NatsConnection,
  plan: Parameters<Bus['openOrdered']>[0],
  behind: Parameters<Bus['openOrdered']>[1],
): Promise<OrderedReader> {
  const look = async () => {
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false })
      const { created, state } = await manager.streams.info(plan.stream)
      return { stream: streamIdentity(plan.stream, created), last: state.last_seq }
    } catch (error) {
      throw natsFailure(`look at stream ${plan.stream}`, error)
    }
  }
  const found = await look()
  const start = startOf(found, behind)
  const fromSequence = start.sequence + 1
  const ordered = openOrdered(connection, plan, { fromSequence, onInterruption: () => ordered.stop() })

  async function* read(): AsyncGenerator<ReadMessage> {
    let sure = false
    for await (const message of ordered) {
      // Between our look and the first message the stream may have been made anew.
      if (!sure && (await look()).stream !== found.stream)
        throw new UnavailableError(`Stream ${plan.stream} was made anew`)
      sure = true
      yield message
    }
  }
  return {
    stream: start.stream,
    behind: start.sequence,
    messages: read(),
    last: async () => (await look()).last,
    stop: () => ordered.stop(),
  }
}

/**
 * A stream that ends before a place that was read has lost its end with its server's power: what comes next takes places that were taken
 * before. It counts as made anew behind its end.
 */
function startOf(
  found: { readonly stream: string; readonly last: number },
  behind: { readonly stream: string; readonly sequence: number } | undefined,
): { readonly stream: string; readonly sequence: number } {
  const [same, losses = ''] = behind
    ? [behind.stream.slice(0, found.stream.length), behind.stream.slice(found.stream.length)]
    : []
  if (!behind || same !== found.stream) return { stream: found.stream, sequence: 0 }
  if (behind.sequence <= found.last) return behind
  return { stream: `${found.stream}${losses}+`, sequence: found.last }
}
