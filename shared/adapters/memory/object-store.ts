import type { ObjectInfo, ObjectStore, PutCondition } from '../../ports/object-store.ts'
import { checkObjectKey } from '../objects/object-key.ts'
import { checkRange } from '../objects/range.ts'
import { sha256Hex } from '../objects/sha256.ts'

/** Small, so that a reader meets pieces here as it does elsewhere. */
const PIECE_BYTES = 65_536

interface Stored {
  readonly body: Uint8Array
  readonly etag: string
}

/** Objects in a map, gone with it. Bodies are copied in and out, so nobody changes what is stored. The etag is the SHA-256. */
export function memoryObjectStore(): ObjectStore {
  const objects = new Map<string, Stored>()

  return {
    async get(key) {
      checkObjectKey(key)
      const found = objects.get(key)
      return found && { body: found.body.slice(), etag: found.etag }
    },

    async getStream(key) {
      checkObjectKey(key)
      const found = objects.get(key)
      return found && { body: piecesOf(found.body), bytes: found.body.length, etag: found.etag }
    },

    async getRange(key, start, end) {
      checkObjectKey(key)
      checkRange(key, start, end)
      return objects.get(key)?.body.slice(start, end)
    },

    async head(key) {
      checkObjectKey(key)
      return infoOf(key, objects.get(key))
    },

    async put(key, body, condition) {
      checkObjectKey(key)
      if (!holds(condition, objects.get(key))) return undefined
      const etag = sha256Hex(body)
      objects.set(key, { body: Uint8Array.from(body), etag })
      return etag
    },

    async putStream(key, body) {
      checkObjectKey(key)
      const pieces: Uint8Array[] = []
      for await (const piece of body) pieces.push(piece.slice())
      const whole = new Uint8Array(Buffer.concat(pieces))
      const etag = sha256Hex(whole)
      objects.set(key, { body: whole, etag })
      return etag
    },

    async delete(key) {
      checkObjectKey(key)
      objects.delete(key)
    },

    async *list(prefix) {
      for (const key of [...objects.keys()].filter((one) => one.startsWith(prefix)).sort()) {
        const info = infoOf(key, objects.get(key))
        if (info) yield info
      }
    },
  }
}

async function* piecesOf(body: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < body.length; at += PIECE_BYTES) yield body.slice(at, at + PIECE_BYTES)
}

function holds(condition: PutCondition | undefined, stored: Stored | undefined): boolean {
  if (!condition) return true
  return 'ifAbsent' in condition ? stored === undefined : stored?.etag === condition.ifMatch
}

function infoOf(key: string, stored: Stored | undefined): ObjectInfo | undefined {
  return stored && { key, bytes: stored.body.length, etag: stored.etag }
}
