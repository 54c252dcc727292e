import { describe, expect, it } from 'vitest'
import { session } from '../../shared/domain/market/session.ts'
import type { ObjectCatalogue, Partition } from '../../shared/ports/bar-store.ts'
import { DAILY } from './made-bars.ts'

const partition = (date: string, sha256 = 'aa'): Partition => ({
  key: `market_data/${date}`,
  session: session(date),
  sha256,
  bytes: 5_000_000_000,
  rows: 505,
})

/** What every object catalogue keeps to. `open` answers an empty one each time. */
export function objectCatalogueContract(name: string, open: () => Promise<ObjectCatalogue>): void {
  describe(`${name} as an object catalogue`, () => {
    it('lists a dataset’s partitions from one session to another, both inclusive, ascending', async () => {
      const catalogue = await open()
      const crypto = { ...DAILY, asset: 'crypto' as const }
      await catalogue.record(
        DAILY,
        ['2024-03-05', '2024-03-01', '2024-03-04'].map((date) => partition(date)),
      )
      await catalogue.record(crypto, [{ ...partition('2024-03-03'), key: 'crypto' }])
      await catalogue.record({ ...DAILY, source: 'other' }, [])

      const found = await catalogue.partitions(DAILY, session('2024-03-01'), session('2024-03-04'))
      expect(found).toEqual([partition('2024-03-01'), partition('2024-03-04')])
      expect(await catalogue.partitions(crypto, session('2024-03-01'), session('2024-03-31'))).toHaveLength(1)
      expect(await catalogue.datasets()).toEqual([crypto, DAILY])
    })

    it('keeps a partition’s latest state', async () => {
      const catalogue = await open()
      await catalogue.record(DAILY, [partition('2024-03-01', 'old'), partition('2024-03-01', 'older')])
      await catalogue.record(DAILY, [partition('2024-03-01', 'new')])

      const found = await catalogue.partitions(DAILY, session('2024-03-01'), session('2024-03-01'))
      expect(found).toEqual([partition('2024-03-01', 'new')])
    })
  })
}
