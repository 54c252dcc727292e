import { type JetStreamManager, jetstreamManager, type StreamInfo } from '@nats-io/jetstream'
import { millis, type NatsConnection, nanos } from '@nats-io/transport-node'
import type { BusTopology } from '../../ports/bus.ts'
import { bucketConfig, bucketStream, findStream, makeBucket } from './bucket.ts'
import { type Change, outcome, type TopologyOptions } from './change.ts'
import { ensureConsumers } from './ensure-consumers.ts'
import { ensureStreams } from './ensure-streams.ts'
import { natsFailure } from './failure.ts'

export type { Change, TopologyOptions } from './change.ts'

/** Where the bridge's lease is kept. */
export const BRIDGE_BUCKET = 'edgefund-bridge'

const OURS = /^edgefund-/
const LEASE_TTL_MS = 15_000

/**
 * Makes the bus hold the topology: streams, durable consumers and the bridge's bucket. Doing it twice, or by two at once, is doing it once.
 * What exists and differs is changed in place where the server can; a consumer whose subject changed is made anew and begins with the
 * oldest event. Answers every part with what became of it.
 */
export async function ensureTopology(
  connection: NatsConnection,
  topology: BusTopology,
  options: TopologyOptions = {},
): Promise<Change[]> {
  try {
    const manager = await jetstreamManager(connection)
    const found = new Map<string, StreamInfo>()
    for await (const info of manager.streams.list()) if (OURS.test(info.config.name)) found.set(info.config.name, info)
    const streams = await ensureStreams(manager, topology.streams, found, options)
    const consumers: Change[] = []
    for (const name of new Set([...topology.streams.map((stream) => stream.name), ...found.keys()])) {
      const plans = topology.consumers.filter(({ stream }) => stream === name)
      consumers.push(...(await ensureConsumers(manager, { name, exists: found.has(name), plans }, options)))
    }
    return [...streams, ...consumers, await ensureBucket(manager, options)]
  } catch (error) {
    throw natsFailure('prepare the streams and consumers', error)
  }
}

async function ensureBucket(
  manager: JetStreamManager,
  { dryRun = false, replicas = 1, leaseTtlMs }: TopologyOptions,
): Promise<Change> {
  const existing = await findStream(manager, bucketStream(BRIDGE_BUCKET))
  const wanted = bucketConfig(BRIDGE_BUCKET, leaseTtlMs ?? LEASE_TTL_MS, replicas)
  if (!existing) {
    if (!dryRun) await makeBucket(manager, wanted)
    return { kind: 'bucket', name: BRIDGE_BUCKET, action: 'create', detail: `ttl ${leaseTtlMs ?? LEASE_TTL_MS} ms` }
  }
  const ttlMs = millis(existing.config.max_age)
  if (leaseTtlMs === undefined || ttlMs === leaseTtlMs) return outcome('bucket', BRIDGE_BUCKET, [])
  if (!dryRun) {
    const { duplicate_window } = wanted
    await manager.streams.update(wanted.name, { max_age: nanos(leaseTtlMs), duplicate_window })
  }
  return outcome('bucket', BRIDGE_BUCKET, [`ttl ${ttlMs} ms -> ${leaseTtlMs} ms`])
}
