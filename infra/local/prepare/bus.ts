import type { NatsConnection } from '@nats-io/transport-node'
import { steps } from '../../../functions/index.ts'
import { openNats } from '../../../shared/adapters/nats/connect.ts'
import { type Change, ensureTopology } from '../../../shared/adapters/nats/topology.ts'
import type { Config } from '../../../shared/runtime/config.ts'
import { outlineOf } from '../../../shared/runtime/outline.ts'
import { topologyOf } from '../../../shared/runtime/topology.ts'
import type { Preparation, Prepared, PrepareOptions } from './prepared.ts'

/**
 * Makes NATS hold the streams, the consumers and the bridge's bucket that the steps need.
 * @throws UnavailableError when NATS is away, has no JetStream, or does not let this user set it up.
 */
export async function prepareBus({ natsUrl, natsCaFile }: Config, options: PrepareOptions): Promise<Prepared> {
  if (natsUrl === undefined) return { changes: [] }
  const connection = await openNats({
    url: natsUrl,
    name: 'edgefund bootstrap',
    caFile: natsCaFile,
  })
  try {
    return { changes: await busChanges(connection, options) }
  } finally {
    await connection.close()
  }
}

/** Makes the bus hold what the steps need, through a connection that there is. */
export async function busChanges(connection: NatsConnection, options: PrepareOptions): Promise<Preparation[]> {
  const changes = await ensureTopology(connection, topologyOf({ outlines: steps.map(outlineOf) }), options)
  return changes.map(toPreparation)
}

function toPreparation({ kind, name, action, detail }: Change): Preparation {
  return { name: `${kind} ${name}`, action, ...(detail !== undefined && { detail }) }
}
