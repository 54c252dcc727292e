import { countBars } from '../../domain/market/bar.ts'
import { PermanentError, UnavailableError } from '../../ports/errors.ts'
import type { BarBatch, BarBatches } from '../../ports/ingestion-stores.ts'
import type { ObjectStore } from '../../ports/object-store.ts'
import { decodeBarBatches, encodeBarBatches } from './bar-batch-format.ts'
import { sha256Hex } from './sha256.ts'

/**
 * What one step hands to the next, as objects that are written once. Whoever writes a key again, with the same bars or with others, is
 * answered what is there: a step attempted a second time speaks of what its first attempt wrote.
 */
export function objectBarBatches(objects: ObjectStore): BarBatches {
  return {
    async write(key, batch) {
      const bytes = encodeBarBatches(batch)
      if (await objects.put(key, bytes, { ifAbsent: true }))
        return { key, sha256: sha256Hex(bytes), rows: rowsOf(batch) }
      const stored = await objects.get(key)
      if (!stored) throw new UnavailableError(`${key} was there and is gone: somebody is deleting batches`)
      return { key, sha256: sha256Hex(stored.body), rows: rowsOf(decode(key, stored.body)) }
    },

    async read(key) {
      const stored = await objects.get(key)
      if (!stored) throw new PermanentError(`The batch of bars ${key} is gone`)
      return decode(key, stored.body)
    },
  }
}

function decode(key: string, body: Uint8Array): BarBatch[] {
  try {
    return decodeBarBatches(body)
  } catch (error) {
    throw new PermanentError(`${key} is not a batch of bars: ${(error as Error).message}`, { cause: error })
  }
}

function rowsOf(batches: readonly BarBatch[]): number {
  return countBars(batches.flatMap(({ series }) => series))
}
