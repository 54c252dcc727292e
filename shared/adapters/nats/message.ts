import type { JsMsg } from '@nats-io/jetstream'

/** A message that is only read. */
export interface ReadMessage {
  readonly body: Uint8Array
  readonly subject: string
  /** Its place in the stream, counted from 1. */
  readonly sequence: number
  readonly id: string | undefined
}

/** A message that waits for an answer: exactly one of `ack`, `retry` and `giveUp`. An answer that gets lost means it comes again. */
export interface BusMessage extends ReadMessage {
  /** How often it had been delivered before. */
  readonly redeliveries: number
  ack(): void
  /** Deliver it again after a while. */
  retry(delayMs: number): void
  /** Not finished yet: give it to nobody else for another acknowledgement wait. */
  stillWorking(): void
  /** Never deliver it again. */
  giveUp(reason: string): void
}

export function readMessage(message: JsMsg): ReadMessage {
  return {
    body: message.data,
    subject: message.subject,
    sequence: message.seq,
    id: message.headers?.get('Nats-Msg-Id') || undefined,
  }
}

export function busMessage(message: JsMsg): BusMessage {
  return {
    ...readMessage(message),
    redeliveries: message.info.deliveryCount - 1,
    ack: () => message.ack(),
    // Without a delay the server delivers at once; it takes whole nanoseconds only.
    retry: (delayMs) => message.nak(Math.max(0, Math.round(delayMs))),
    stillWorking: () => message.working(),
    // The reason is for whoever keeps the books: a server before 2.10 overlooks a word that carries one, and delivers again.
    giveUp: () => message.term(),
  }
}
