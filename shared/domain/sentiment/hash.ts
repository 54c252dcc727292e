const PRIME = 0x01000193

/** Where FNV-1a begins: the hash of no text. */
export const HASH_OF_NOTHING = 0x811c9dc5

/**
 * FNV-1a in 32 bits, carried on over a text: a text in pieces hashes as the whole. Each UTF-16 unit counts as its low byte and,
 * above 255, its high byte; of ASCII that is the published hash. Signed, as JavaScript's integers are.
 * @see Fowler, Noll, Vo, Eastlake (RFC 9923), "The FNV Non-Cryptographic Hash Algorithm".
 */
export function hashText(text: string, hash: number = HASH_OF_NOTHING): number {
  let state = hash
  for (let at = 0; at < text.length; at++) state = hashUnit(text.charCodeAt(at), state)
  return state
}

/** The same for one UTF-16 unit. */
export function hashUnit(unit: number, hash: number): number {
  const low = Math.imul(hash ^ (unit & 0xff), PRIME)
  return unit > 0xff ? Math.imul(low ^ (unit >>> 8), PRIME) : low
}

/** The hash as a place in a table of 2^bits: the high bits folded onto the low ones, which alone are worse mixed. */
export function foldHash(hash: number, bits: number): number {
  return ((hash >>> bits) ^ hash) & ((1 << bits) - 1)
}
