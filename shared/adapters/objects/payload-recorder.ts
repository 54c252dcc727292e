import type { PayloadRecorder } from '../../ports/data-provider.ts'
import { UnavailableError } from '../../ports/errors.ts'
import type { ObjectStore } from '../../ports/object-store.ts'
import { toKeyPart } from './object-key.ts'

/**
 * Raw replies of a run, created once under `raw/<run>/<symbol>/<request>` (each part percent-encoded where it must be: `toKeyPart`). What
 * is there is not fetched again; of two that fetch at once both are given the reply that was kept.
 */
export function objectPayloadRecorder(objects: ObjectStore, run: string): PayloadRecorder {
  return {
    async payload(symbol, request, fetch) {
      const key = `raw/${toKeyPart(run)}/${toKeyPart(symbol)}/${toKeyPart(request)}`
      const known = await objects.get(key)
      if (known) return known.body

      const fetched = await fetch()
      if (await objects.put(key, fetched, { ifAbsent: true })) return fetched
      const kept = await objects.get(key)
      if (!kept) throw new UnavailableError(`${key} was there and is gone: somebody is deleting raw replies`)
      return kept.body
    },
  }
}
