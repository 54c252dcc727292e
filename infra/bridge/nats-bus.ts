import type { NatsConnection } from '@nats-io/transport-node'
import { openConsumer } from '../../shared/adapters/nats/consumer.ts'
import { isConnected } from '../../shared/adapters/nats/link.ts'
import { ensureTopology } from '../../shared/adapters/nats/topology.ts'
import type { BusTopology } from '../../shared/ports/bus.ts'
import type { Bus } from './bus.ts'

/** The bus on NATS JetStream. */
export function natsBus(connection: NatsConnection, topology: BusTopology, replicas: number): Bus {
  let ensuring: Promise<void> | undefined
  return {
    open: (plan) => openConsumer(connection, plan),
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
