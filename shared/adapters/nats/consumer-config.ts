import { AckPolicy, type ConsumerConfig, type ConsumerInfo, DeliverPolicy, ReplayPolicy } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import type { ConsumerPlan } from '../../ports/bus.ts'

/** How long a message may be under way without a sign of life before it is given to somebody again. */
export const ACK_WAIT_MS = 30_000
/** So many may be under way or put off at once; then the server gives out no more. */
const MOST_UNACKNOWLEDGED = 1_000

type Settings = Pick<
  ConsumerConfig,
  'filter_subject' | 'ack_policy' | 'deliver_policy' | 'ack_wait' | 'max_deliver' | 'max_ack_pending'
>

/** A durable pull consumer of one subject that begins with the oldest event and never gives one up: attempts are counted elsewhere. */
export function consumerSettings({ subject }: ConsumerPlan): Settings {
  return {
    filter_subject: subject,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: -1,
    max_ack_pending: MOST_UNACKNOWLEDGED,
  }
}

export function consumerConfig(plan: ConsumerPlan): Partial<ConsumerConfig> {
  return { durable_name: plan.name, replay_policy: ReplayPolicy.Instant, ...consumerSettings(plan) }
}

/** What of an existing consumer is not as planned: `ack_wait 10000000000 -> 30000000000`. */
export function consumerDifferences(plan: ConsumerPlan, { config }: ConsumerInfo): readonly string[] {
  const wanted = Object.entries(consumerSettings(plan))
  const different = wanted.flatMap(([field, value]) => {
    const found = config[field as keyof Settings]
    return found === value ? [] : [`${field} ${found ?? 'none'} -> ${value}`]
  })
  return config.deliver_subject === undefined ? different : [...different, 'pushes -> pull']
}

/**
 * What a server does not change on a consumer that exists. The filter is among them although newer servers would: messages of the old
 * subject that are under way would go on coming to a step that does not know them.
 */
export function mustBeMadeAnew(plan: ConsumerPlan, { config }: ConsumerInfo): boolean {
  const wanted = consumerSettings(plan)
  return (
    config.filter_subject !== wanted.filter_subject ||
    config.ack_policy !== wanted.ack_policy ||
    config.deliver_policy !== wanted.deliver_policy ||
    config.deliver_subject !== undefined
  )
}
