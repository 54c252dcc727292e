import { describe, expect, it } from 'vitest'
import { session } from '../../shared/domain/market/session.ts'
import type { Fundamentals } from '../../shared/ports/data-provider.ts'
import type { FundamentalsStore } from '../../shared/ports/ingestion-stores.ts'

const whole: Fundamentals = {
  symbol: 'A',
  asOf: session('2024-03-01'),
  trailingPe: 20.5,
  forwardPe: 18,
  priceToBook: 4,
  dividendYield: 0.02,
  returnOnEquity: -0.1,
  debtToEquity: 1.5,
  currentRatio: 0.9,
  profitMargin: 0.2,
  revenueGrowth: 0,
  marketCap: 3e12,
  sharesOutstanding: 15e9,
  currency: 'USD',
}

const row = (symbol: string, asOf: string, trailingPe?: number): Fundamentals =>
  trailingPe === undefined ? { symbol, asOf: session(asOf) } : { symbol, asOf: session(asOf), trailingPe }

/** What every store of fundamentals keeps to. `open` answers an empty one each time. */
export function fundamentalsStoreContract(name: string, open: () => Promise<FundamentalsStore>): void {
  describe(`${name} as a store of fundamentals`, () => {
    it('gives back every ratio; a missing one is not there', async () => {
      const store = await open()
      const sparse = row('B', '2024-03-01')
      await store.put('made', [whole, { ...sparse, forwardPe: Number.NaN, marketCap: Number.POSITIVE_INFINITY }])

      const read = await store.read(['B', 'A'], 'made', session('2024-03-01'))
      expect(read).toEqual([whole, sparse])
      expect(Object.keys(read[1])).toEqual(['symbol', 'asOf'])
    })

    it('reads each symbol’s latest row up to the session, of the source alone', async () => {
      const store = await open()
      await store.put('made', [row('A', '2024-03-01', 1), row('A', '2024-06-01', 2), row('B', '2024-02-01', 3)])
      await store.put('other', [row('A', '2024-03-02', 4)])
      const read = (asOf: string) => store.read(['A', 'B', 'X'], 'made', session(asOf))

      expect(await read('2024-05-31')).toEqual([row('A', '2024-03-01', 1), row('B', '2024-02-01', 3)])
      expect(await read('2024-06-01')).toEqual([row('A', '2024-06-01', 2), row('B', '2024-02-01', 3)])
      expect(await read('2024-01-31')).toEqual([])
    })

    it('replaces a row whole when it is put again', async () => {
      const store = await open()
      await store.put('made', [whole])
      await store.put('made', [row('A', '2024-03-01', 1), row('A', '2024-03-01', 2)])
      await store.put('made', [])

      expect(await store.read(['A'], 'made', session('2024-03-01'))).toEqual([row('A', '2024-03-01', 2)])
    })
  })
}
