import { type JetStreamClient, jetstream } from '@nats-io/jetstream'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { busSubject } from '../../events/bus-subject.ts'
import type { Envelope } from '../../events/envelope.ts'
import { UnavailableError } from '../../ports/errors.ts'
import type { Publisher } from '../../ports/publisher.ts'
import { concurrently } from '../objects/concurrently.ts'
import { natsFailure } from './failure.ts'
import { isConnected, onLost } from './link.ts'

/** So many events at most wait for their acknowledgement at once. */
const IN_FLIGHT = 256
const ACK_TIMEOUT_MS = 5_000

interface Message {
  readonly subject: string
  readonly id: string
  readonly body: Uint8Array
  readonly traceparent: string | undefined
}

/**
 * Publishes events to JetStream and waits until every one is acknowledged. The event's id is the message's id, so the server keeps one of
 * two within its duplicate window; beyond it the receiving delivery's claim does. Nothing is sent when one event is too large for the server.
 */
export function natsPublisher(connection: NatsConnection): Publisher {
  const stream = jetstream(connection, { timeout: ACK_TIMEOUT_MS })
  return {
    async publish(events, { again = false } = {}) {
      if (events.length === 0) return
      // Under a name of its own the server takes it for new.
      const suffix = again ? `@${Date.now()}` : ''
      const messages = events.map((event) => toMessage(event, suffix))
      const most = connection.info?.max_payload ?? Number.POSITIVE_INFINITY
      for (const message of messages) refuseTooLarge(message, most)
      const publishing = concurrently(messages, IN_FLIGHT, (message) => send(connection, stream, message))
      await unlessLost(connection, publishing)
    },
  }
}

/** An acknowledgement never comes over another connection than its message went, so nobody waits for it once that one is lost. */
async function unlessLost<T>(connection: NatsConnection, work: Promise<T>): Promise<T> {
  let forget = () => {}
  const lost = new Promise<never>((_, reject) => {
    const doing = 'The connection to NATS was lost while events were being published'
    forget = onLost(connection, () => reject(new UnavailableError(doing)))
  })
  try {
    return await Promise.race([work, lost])
  } finally {
    forget()
  }
}

function toMessage(event: Envelope, suffix: string): Message {
  return {
    subject: busSubject(event),
    id: event.id + suffix,
    body: Buffer.from(JSON.stringify(event)),
    traceparent: event.traceparent,
  }
}

async function send(connection: NatsConnection, stream: JetStreamClient, message: Message): Promise<void> {
  const { subject, id, body } = message
  // A message given to a lost connection would only wait for an acknowledgement that cannot come.
  if (!isConnected(connection)) {
    throw new UnavailableError(`Cannot publish ${id} to ${subject}: there is no connection to NATS`)
  }
  try {
    await stream.publish(subject, body, { msgID: id, headers: headersOf(message) })
  } catch (error) {
    throw natsFailure(`publish ${id} to ${subject}`, error)
  }
}

function headersOf({ traceparent }: Message) {
  const made = headers()
  made.set('content-type', 'application/cloudevents+json')
  if (traceparent !== undefined) made.set('traceparent', traceparent)
  return made
}

/** Room for the message's headers, which count as payload. */
const HEADER_BYTES = 256

function refuseTooLarge({ subject, id, body }: Message, most: number): void {
  const bytes = body.length + HEADER_BYTES + id.length
  if (bytes <= most) return
  throw new Error(
    `Event ${id} for ${subject} is ${body.length} bytes, with its headers ${bytes}; NATS takes ${most} at most`,
  )
}
