import { UnavailableError } from '../ports/errors.ts'
import type { Notice, Notifier } from '../ports/notifier.ts'

/**
 * Gives a notice to every notifier, also when one of them fails, and then throws what went wrong: somebody who is away before somebody who
 * refuses, because that one is worth another attempt. With it those who had the notice get it again, under the same key.
 */
export async function notifyAll(notifiers: readonly Notifier[], notice: Notice): Promise<void> {
  const told = await Promise.allSettled(notifiers.map(async (notifier) => notifier.notify(notice)))
  const failures = told.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  if (failures.length > 0) throw failures.find((reason) => reason instanceof UnavailableError) ?? failures[0]
}
