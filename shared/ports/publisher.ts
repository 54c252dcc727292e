import type { Envelope } from '../events/envelope.ts'

/** The bus that carries events to other processes. Publishing the same id twice in a short while is publishing it once. */
export interface Publisher {
  /** Resolves when the bus holds every event durably; throws `UnavailableError` when it cannot be reached. */
  publish(events: readonly Envelope[], options?: PublishOptions): Promise<void>
}

export interface PublishOptions {
  /** To be delivered even when the bus has had it a moment ago: a dead letter that is replayed, a delivery that got lost. */
  readonly again?: boolean
}
