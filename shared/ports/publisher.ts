import type { Envelope } from '../events/envelope.ts'

/** The bus that carries events to other processes. Publishing the same id twice is publishing it once. */
export interface Publisher {
  /** Resolves when the bus holds every event durably; throws `UnavailableError` when it cannot be reached. */
  publish(events: readonly Envelope[]): Promise<void>
}
