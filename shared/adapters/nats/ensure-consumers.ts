import { setTimeout as sleep } from 'node:timers/promises'
import { type ConsumerInfo, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream'
import type { ConsumerPlan } from '../../ports/bus.ts'
import { type Change, outcome, type TopologyOptions } from './change.ts'
import { consumerConfig, consumerDifferences, mustBeMadeAnew } from './consumer-config.ts'
import { isMissing } from './failure.ts'

export interface StreamConsumers {
  readonly name: string
  readonly exists: boolean
  readonly plans: readonly ConsumerPlan[]
}

/** Makes the consumers of one stream as planned, and reports or deletes those nobody plans. */
export async function ensureConsumers(
  manager: JetStreamManager,
  { name: stream, exists, plans }: StreamConsumers,
  { dryRun = false, prune = false }: TopologyOptions,
): Promise<Change[]> {
  const found = new Map<string, ConsumerInfo>()
  if (exists) for await (const info of manager.consumers.list(stream)) if (isThere(info)) found.set(info.name, info)
  const changes: Change[] = []
  for (const plan of plans) {
    const existing = found.get(plan.name)
    found.delete(plan.name)
    const name = `${stream}/${plan.name}`
    if (!existing) {
      if (!dryRun) await makeConsumer(manager, plan)
      changes.push({ kind: 'consumer', name, action: 'create', detail: plan.subject })
      continue
    }
    const differences = consumerDifferences(plan, existing)
    if (differences.length > 0 && !dryRun) await makeConsumer(manager, plan)
    changes.push(outcome('consumer', name, differences))
  }
  // One without a durable name belongs to somebody who listens at this moment, and ends with them.
  for (const info of [...found.values()].filter(({ config }) => config.durable_name !== undefined)) {
    const detail = `${info.num_pending} waiting, ${info.num_ack_pending} under way${prune ? ', deleted' : ''}`
    if (prune && !dryRun) await remove(manager, stream, info.name)
    changes.push({ kind: 'consumer', name: `${stream}/${info.name}`, action: 'obsolete', detail })
  }
  return changes
}

const TRIES = 5

/**
 * Makes a consumer as planned, or makes an existing one so. Looks again right before it does, because somebody else may be at it: a server
 * (seen in 2.9.10) that makes a consumer while one of the same name is being deleted trips over its own files, and does not the next time.
 */
async function makeConsumer(manager: JetStreamManager, plan: ConsumerPlan): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const existing = await findConsumer(manager, plan)
    if (existing && consumerDifferences(plan, existing).length === 0) return
    try {
      if (existing && mustBeMadeAnew(plan, existing)) await remove(manager, plan.stream, plan.name)
      await manager.consumers.add(plan.stream, consumerConfig(plan))
      return
    } catch (error) {
      if (attempt === TRIES || !(error instanceof JetStreamApiError)) throw error
      await sleep(attempt * 20 * (1 + Math.random()))
    }
  }
}

/** Of a consumer that is just being deleted the server (2.9.10) lists null, and answers a question for it without name and configuration. */
function isThere(info: ConsumerInfo | null): info is ConsumerInfo {
  return info?.config !== undefined
}

async function findConsumer(manager: JetStreamManager, { stream, name }: ConsumerPlan) {
  try {
    const info = await manager.consumers.info(stream, name)
    return isThere(info) ? info : undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function remove(manager: JetStreamManager, stream: string, name: string): Promise<void> {
  try {
    await manager.consumers.delete(stream, name)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}
