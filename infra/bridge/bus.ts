import type { BusConsumer, BusMessage } from '../../shared/adapters/nats/consumer.ts'
import type { ReadMessage } from '../../shared/adapters/nats/message.ts'
import type { ConsumerPlan } from '../../shared/ports/bus.ts'
import type { StreamPlace } from '../../shared/runtime/checkpoints.ts'

export type { BusConsumer, BusMessage, ReadMessage }

/** The bus as the bridge needs it. */
export interface Bus {
  open(plan: ConsumerPlan): Promise<BusConsumer>
  /** Reads a subject in its order, each message once, from behind a place; from the stream's beginning when it was made anew since. */
  openOrdered(plan: Pick<ConsumerPlan, 'stream' | 'subject'>, behind?: StreamPlace): Promise<OrderedReader>
  /** Makes the streams and consumers that are missing. */
  ensure(): Promise<void>
  connected(): boolean
}

export interface OrderedReader {
  /** `<name>@<time it was made>`: what the messages' sequences are places in. */
  readonly stream: string
  /** The first message lies behind this place. */
  readonly behind: number
  /** Ends or throws when reading was interrupted: the stream may be another one now, so it is to be opened again. */
  readonly messages: AsyncIterable<ReadMessage>
  /** The last place in the stream that is taken. */
  last(): Promise<number>
  stop(): void
}
