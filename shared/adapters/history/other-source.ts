import { InputError } from '../../ports/errors.ts'

/** A book's quantities and costs are on the share counts of one source's prices; another's cannot be mixed in. */
export function otherSource(owner: string, given: string): InputError {
  return new InputError(
    `The book is kept in prices of "${owner}", found "${given}"; another source needs another home or database`,
  )
}
