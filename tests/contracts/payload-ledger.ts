import { describe, expect, it } from 'vitest'
import type { PayloadLedger } from '../../shared/ports/ingestion-stores.ts'

/** What every ledger of raw replies keeps to. `open` answers an empty one each time. */
export function payloadLedgerContract(name: string, open: () => Promise<PayloadLedger>): void {
  describe(`${name} as a payload ledger`, () => {
    it('tells a run’s hashes by symbol and request, the last one counting', async () => {
      const ledger = await open()
      const a1 = { symbol: 'A', request: 'bars', sha256: 'aa' }
      const a2 = { symbol: 'A', request: 'splits', sha256: 'bb' }
      const b1 = { symbol: 'B', request: 'bars', sha256: 'cc' }
      await ledger.record('run-1', [b1, a2, { ...a1, sha256: 'old' }], [{ symbol: 'C', reason: 'unknown symbol' }])
      await ledger.record('run-1', [a1, a1], [{ symbol: 'C', reason: 'still unknown' }])
      await ledger.record('run-2', [], [])

      expect(await ledger.read('run-1')).toEqual([a1, a2, b1])
      expect(await ledger.read('run-2')).toEqual([])
    })
  })
}
