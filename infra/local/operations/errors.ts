import { InputError, UnavailableError } from '../../../shared/ports/errors.ts'
import { describe } from '../../../shared/runtime/attempt.ts'

/** Names the operation in its answer: the client knows by it that the owner answered and no other program on its port. */
export const OPERATION_HEADER = 'edgefund-operation'

/** An error as it travels from the owner to the command line. */
export interface ErrorDocument {
  readonly kind: 'input' | 'unavailable' | 'error'
  readonly message: string
}

export function toErrorDocument(error: unknown): ErrorDocument {
  if (error instanceof InputError) return { kind: 'input', message: error.message }
  if (error instanceof UnavailableError) return { kind: 'unavailable', message: error.message }
  return { kind: 'error', message: describe(error) }
}

/** The error that was thrown at the other end, so that the command line treats it as its own. */
export function fromErrorDocument({ kind, message }: ErrorDocument): Error {
  if (kind === 'input') return new InputError(message)
  if (kind === 'unavailable') return new UnavailableError(message)
  return new Error(message)
}
