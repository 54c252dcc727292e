import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream'
import type { StreamPlan } from '../../ports/bus.ts'
import { findStream } from './bucket.ts'
import { type Change, outcome, type TopologyOptions } from './change.ts'
import { streamDifferences, streamSettings } from './stream-config.ts'

/** Makes the streams as planned, among those that exist already. */
export async function ensureStreams(
  manager: JetStreamManager,
  plans: readonly StreamPlan[],
  found: ReadonlyMap<string, StreamInfo>,
  { dryRun = false, replicas = 1 }: TopologyOptions,
): Promise<Change[]> {
  const planned = new Map(plans.map((plan) => [plan.name, plan]))
  const placed = new Map(plans.flatMap(({ name, subjects }) => subjects.map((subject) => [subject, name] as const)))
  const changes: Change[] = []
  // A subject can be in one stream only, so it leaves the old one before the new one takes it.
  for (const [name, { config, state }] of found) {
    const kept = config.subjects.filter((subject) => (placed.get(subject) ?? name) === name)
    if (kept.length < config.subjects.length && !dryRun) {
      // A stream must have some subject; its own name is one nobody speaks.
      await manager.streams.update(name, { subjects: kept.length === 0 ? [name] : kept })
    }
    if (planned.has(name)) continue
    changes.push({ kind: 'stream', name, action: 'obsolete', detail: `holds ${state.messages} events` })
  }
  for (const plan of plans) {
    const { name, subjects } = plan
    const settings = streamSettings(plan, replicas)
    const existing = found.get(name)
    if (!existing) {
      if (!dryRun) await createStream(manager, name, settings)
      changes.push({ kind: 'stream', name, action: 'create', detail: `${subjects.length} subjects` })
      continue
    }
    const differences = streamDifferences(settings, existing)
    if (differences.length > 0 && !dryRun) await manager.streams.update(name, settings)
    changes.push(outcome('stream', name, differences))
  }
  return changes
}

/** Somebody else may have made it since we looked: then it only has to become ours in every setting. */
async function createStream(manager: JetStreamManager, name: string, settings: ReturnType<typeof streamSettings>) {
  try {
    await manager.streams.add({ name, ...settings })
  } catch (error) {
    if (!(await findStream(manager, name))) throw error
    await manager.streams.update(name, settings)
  }
}
