import { InputError } from '../../ports/errors.ts'
import { RefusedBySource } from './each-instrument.ts'

/** A key from the secrets, without the line break that files end with. @throws InputError when there is none. */
export function checkedKey(key: string, source: string): string {
  const trimmed = key.trim()
  if (/^[\w.-]{1,200}$/.test(trimmed)) return trimmed
  throw new InputError(`The key of ${source} is ${trimmed === '' ? 'empty' : 'not a key'}, expected letters and digits`)
}

/** @throws RefusedBySource when the bytes are not JSON. */
export function jsonOf(bytes: Uint8Array, source: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (cause) {
    throw new RefusedBySource(`${source} answered with something else than JSON`, { cause })
  }
}
