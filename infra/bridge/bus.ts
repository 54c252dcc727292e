import type { BusConsumer, BusMessage } from '../../shared/adapters/nats/consumer.ts'
import type { ConsumerPlan } from '../../shared/ports/bus.ts'

export type { BusConsumer, BusMessage }

/** The bus as the bridge needs it. */
export interface Bus {
  open(plan: ConsumerPlan): Promise<BusConsumer>
  /** Makes the streams and consumers that are missing. */
  ensure(): Promise<void>
  connected(): boolean
}
