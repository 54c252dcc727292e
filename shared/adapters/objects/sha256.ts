import { createHash } from 'node:crypto'

/** SHA-256 in lower-case hexadecimals: of two equal contents the same, of two different ones never. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
