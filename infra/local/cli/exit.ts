import { InputError, UnavailableError } from '../../../shared/ports/errors.ts'

/** How a verb ends; scripts read it. */
export const EXIT = { ok: 0, failed: 1, input: 2, unavailable: 3, interrupted: 130, terminated: 143 } as const

/** The user, or the system, wants the verb to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly code: number

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`Stopped by ${signal}`)
    this.code = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated
  }
}

/** Nobody reads what is printed any more (`… | head`). */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return error.code
  if (error instanceof OutputClosed) return EXIT.ok
  if (error instanceof InputError) return EXIT.input
  return error instanceof UnavailableError ? EXIT.unavailable : EXIT.failed
}
