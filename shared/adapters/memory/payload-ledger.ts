import type { Provenance } from '../../ports/data-provider.ts'
import type { PayloadLedger } from '../../ports/ingestion-stores.ts'
import { keyOf } from '../history/last-by.ts'

/** The hashes of raw replies in this process. Who did not come is not read back through the port and so not kept. */
export function memoryPayloadLedger(): PayloadLedger {
  const runs = new Map<string, Map<string, Provenance>>()
  return {
    async record(run, provenance) {
      const replies = runs.get(run) ?? new Map<string, Provenance>()
      runs.set(run, replies)
      for (const reply of provenance) replies.set(keyOf(reply.symbol, reply.request), reply)
    },
    read: async (run) => [...(runs.get(run) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reply]) => reply),
  }
}
