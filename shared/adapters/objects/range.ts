import { InputError } from '../../ports/errors.ts'

/** Refuses a byte range that is none: whole numbers, 0 <= start <= end. */
export function checkRange(key: string, start: number, end: number): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end) return
  throw new InputError(
    `Range ${start} to ${end} of ${key} is not a range (expected whole numbers with 0 <= start <= end)`,
  )
}
