import { setTimeout as sleep } from 'node:timers/promises'
import { AckPolicy, type ConsumerMessages, DeliverPolicy, type JetStreamClient, jetstream } from '@nats-io/jetstream'
import { type NatsConnection, nanos } from '@nats-io/transport-node'
import type { ConsumerPlan } from '../../ports/bus.ts'
import { BusGoneError, isMissing, natsFailure } from './failure.ts'
import { isConnected, onLost } from './link.ts'
import { type ReadMessage, readMessage } from './message.ts'

export interface OrderedOptions {
  /** The first message wanted, by its place in the stream (1 is the oldest there ever was). */
  readonly fromSequence: number
  /** Hears why reading was interrupted; it goes on by itself. */
  readonly onInterruption?: (failure: Error) => void
}

export interface OrderedMessages extends AsyncIterable<ReadMessage> {
  /** Ends the reading; what had arrived already is not given out any more. */
  stop(): void
}

/** So many at once are asked for; a reader that is slower holds them in memory. */
const MOST_AT_ONCE = 500
const PULL_MS = 5_000
/** The server forgets a reader that has not asked for so long. */
const FORGET_AFTER_MS = 60_000
const REST_MS = { first: 100, most: 5_000 }

/**
 * Reads one subject of a stream in its order, each message once, from a place on and for ever: through lost connections and restarts of
 * the server it goes on behind the last message given out. Nothing is acknowledged; the reader keeps its own place. Throws
 * `BusGoneError` when the stream does not exist or no longer reaches the place asked for, as it does after it was made anew.
 */
export function openOrdered(
  connection: NatsConnection,
  plan: Pick<ConsumerPlan, 'stream' | 'subject'>,
  { fromSequence, onInterruption = () => {} }: OrderedOptions,
): OrderedMessages {
  const client = jetstream(connection)
  const stopping = new AbortController()

  async function* read(): AsyncGenerator<ReadMessage> {
    let next = Math.max(1, fromSequence)
    let failures = 0
    while (!stopping.signal.aborted) {
      try {
        for await (const message of readFrom({ connection, client, plan, signal: stopping.signal }, next)) {
          failures = 0
          next = message.sequence + 1
          yield message
          if (stopping.signal.aborted) return
        }
      } catch (error) {
        if (error instanceof BusGoneError) throw error
        onInterruption(natsFailure(`read ${plan.subject} of ${plan.stream}`, error))
        const restMs = Math.min(REST_MS.most, REST_MS.first * 2 ** failures)
        failures = Math.min(failures + 1, 10)
        await sleep(restMs, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }
  const messages = read()
  return { [Symbol.asyncIterator]: () => messages, stop: () => stopping.abort() }
}

interface Reading {
  readonly connection: NatsConnection
  readonly client: JetStreamClient
  readonly plan: Pick<ConsumerPlan, 'stream' | 'subject'>
  readonly signal: AbortSignal
}

/** One consumer's life. Ends or throws when it is lost or has left a message out. */
async function* readFrom({ connection, client, plan, signal }: Reading, from: number): AsyncGenerator<ReadMessage> {
  if (!isConnected(connection)) throw new Error('there is no connection to NATS')
  const consumer = await makeConsumer(client, plan, from)
  let messages: ConsumerMessages | undefined
  let lost = false
  const stop = () => messages?.stop()
  const forget = onLost(connection, () => {
    lost = true
    stop()
  })
  signal.addEventListener('abort', stop)
  let delivered = 0
  try {
    while (!lost && !signal.aborted) {
      messages = await consumer.fetch({ max_messages: MOST_AT_ONCE, expires: PULL_MS })
      if (lost || signal.aborted) stop()
      for await (const message of messages) {
        // The consumer counts what it sends: a number left out is a message lost on the way.
        if (message.info.deliverySequence !== ++delivered) return
        yield readMessage(message)
        if (signal.aborted) return
      }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    forget()
    stop()
    // The server would forget it by itself.
    if (isConnected(connection)) consumer.delete().catch(() => {})
  }
}

async function makeConsumer(client: JetStreamClient, { stream, subject }: Reading['plan'], from: number) {
  try {
    const manager = await client.jetstreamManager(false)
    const { state } = await manager.streams.info(stream)
    if (state.last_seq + 1 < from) {
      throw new BusGoneError(`Stream ${stream} ends at ${state.last_seq}, before ${from}: it was made anew`)
    }
    const { name } = await manager.consumers.add(stream, {
      filter_subject: subject,
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      inactive_threshold: nanos(FORGET_AFTER_MS),
      mem_storage: true,
      num_replicas: 1,
    })
    return await client.consumers.get(stream, name)
  } catch (error) {
    if (isMissing(error)) throw new BusGoneError(`Stream ${stream} does not exist`, { cause: error })
    throw error
  }
}
