import { type Consumer, type ConsumerMessages, jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { ConsumerPlan } from '../../ports/bus.ts'
import { UnavailableError } from '../../ports/errors.ts'
import { BusGoneError, isMissing, natsFailure } from './failure.ts'
import { isConnected, onLost } from './link.ts'
import { type BusMessage, busMessage } from './message.ts'

export { BusGoneError } from './failure.ts'
export type { BusMessage } from './message.ts'

export interface BusConsumer {
  /**
   * At most so many messages; ends after a while (a second at least), or when aborted, with what had come by then. Read it to its end:
   * what a caller breaks off comes again only after the acknowledgement wait.
   */
  next(most: number, expiresMs: number, signal?: AbortSignal): AsyncIterable<BusMessage>
  pending(): Promise<{ readonly waiting: number; readonly unacknowledged: number; readonly redelivered: number }>
}

const LEAST_EXPIRY_MS = 1_000

/**
 * Opens a durable consumer that exists. Throws `BusGoneError` when it or its stream does not, then or later: somebody must make them
 * again; `UnavailableError` when NATS is away.
 */
export async function openConsumer(connection: NatsConnection, plan: ConsumerPlan): Promise<BusConsumer> {
  const { name, stream } = plan
  const failure = (doing: string, error: unknown) =>
    isMissing(error) ? gone(plan, error) : natsFailure(`${doing} ${name} of ${stream}`, error)
  let consumer: Consumer
  try {
    consumer = await jetstream(connection).consumers.get(stream, name)
  } catch (error) {
    throw failure('open consumer', error)
  }

  async function* next(most: number, expiresMs: number, signal?: AbortSignal): AsyncIterable<BusMessage> {
    if (signal?.aborted || most < 1) return
    let lost = !isConnected(connection)
    if (lost) throw away(plan)
    let messages: ConsumerMessages | undefined
    const stop = () => messages?.stop()
    const forget = onLost(connection, () => {
      lost = true
      stop()
    })
    signal?.addEventListener('abort', stop)
    try {
      messages = await consumer.fetch({ max_messages: most, expires: Math.max(LEAST_EXPIRY_MS, expiresMs) })
      if (lost || signal?.aborted) stop()
      for await (const message of messages) yield busMessage(message)
    } catch (error) {
      throw await whyNothing(error)
    } finally {
      signal?.removeEventListener('abort', stop)
      forget()
      stop()
    }
    if (lost) throw away(plan)
  }

  /** A pull that nobody answers does not say whether the consumer is gone or the server is starting. */
  const whyNothing = async (error: unknown): Promise<Error> => {
    if (isMissing(error)) return gone(plan, error)
    try {
      await consumer.info()
    } catch (found) {
      return failure('read from consumer', found)
    }
    return failure('read from consumer', error)
  }

  return {
    next,
    async pending() {
      try {
        const { num_pending, num_ack_pending, num_redelivered } = await consumer.info()
        return { waiting: num_pending, unacknowledged: num_ack_pending, redelivered: num_redelivered }
      } catch (error) {
        throw failure('ask for the state of consumer', error)
      }
    },
  }
}

function gone({ name, stream }: ConsumerPlan, error: unknown): BusGoneError {
  return new BusGoneError(`Consumer ${name} of stream ${stream} does not exist (${(error as Error).message})`, {
    cause: error,
  })
}

function away({ name, stream }: ConsumerPlan): UnavailableError {
  return new UnavailableError(`Cannot read from consumer ${name} of ${stream}: there is no connection to NATS`)
}
