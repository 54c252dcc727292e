import type { Envelope } from '../events/envelope.ts'
import type { Publisher } from '../ports/publisher.ts'

/**
 * Publishes events that carry running numbers. The first goes alone: while the bus takes nothing (its stream is not made yet, say), none of
 * them may slip through before those that were refused, because whoever hears a number takes lower ones for repeats. What fails is to be
 * published again from the first on.
 */
export async function publishInOrder(publisher: Publisher, events: readonly Envelope[]): Promise<void> {
  if (events.length === 0) return
  await publisher.publish(events.slice(0, 1))
  if (events.length > 1) await publisher.publish(events.slice(1))
}
