import { describe, expect, it } from 'vitest'
import { session } from '../../shared/domain/market/session.ts'
import { listingOf } from '../../shared/domain/universe/listing.ts'
import type { Member } from '../../shared/domain/universe/member.ts'
import type { RankedStock } from '../../shared/domain/universe/ranked-stock.ts'
import type { UniverseRun, UniverseStore } from '../../shared/ports/universe-stores.ts'

const listing = (symbol: string, name = `The ${symbol} Company`) =>
  listingOf({ symbol, name, sector: 'Financials', currency: 'USD', exchange: 'XNYS' })

const run = (name: string, asOf = '2024-06-07', source = 'made'): UniverseRun => ({
  run: name,
  asOf: session(asOf),
  source,
})

const eligible = (symbol: string): Member => ({
  listing: listing(symbol),
  status: 'eligible',
  reasons: [],
  measures: { historySessions: 280, medianDollarVolume: 1.5e9, price: 0.1 + 0.2, quality: 1, ageSessions: 0 },
})

const MEMBERS: readonly Member[] = [
  eligible('A'),
  {
    listing: listing('B'),
    status: 'filtered',
    reasons: ['no bars in the last 280 sessions', 'observed since 2024-01-02: a "reason", {and} more'],
    measures: {
      historySessions: 0,
      medianDollarVolume: Number.NaN,
      price: Number.NaN,
      quality: Number.NaN,
      ageSessions: Number.NaN,
    },
  },
  { listing: listing('C'), status: 'excluded', reasons: ['excluded since 2024-01-02: tobacco (a letter)'] },
]

const ranked = (symbol: string, rank: number): RankedStock => ({
  symbol,
  sector: 'Financials',
  measures: { momentum: { '21': -0.01, '252': 1 / 3 }, volatility: 0.2, rsi: 55.5, sharpe: 1e-7 },
  values: { momentum: 0.16, lowVolatility: -0.2, rsi: 0, sharpe: 1e-7 },
  zScores: { momentum: 0.7, lowVolatility: -0.7, rsi: 0, sharpe: 0.7 },
  score: 1 / 7 - rank,
  rank,
  quintile: rank,
  observed: rank === 2,
})

/** What every store of universes keeps to. `open` answers an empty one each time. */
export function universeStoreContract(name: string, open: () => Promise<UniverseStore>): void {
  describe(`${name} as a store of universes`, () => {
    it('keeps the current particulars of every name that was ever listed', async () => {
      const store = await open()
      await store.putListings([listing('B'), listing('A'), listingOf({ ...listing('BTC-USD'), exchange: '24/7' })])
      await store.putListings([listing('A', 'Another name')])
      await store.putListings([])

      const kept = await store.listings()
      expect(kept.map(({ symbol, name, asset }) => [symbol, name, asset])).toEqual([
        ['A', 'Another name', 'equity'],
        ['B', 'The B Company', 'equity'],
        ['BTC-USD', 'The BTC-USD Company', 'crypto'],
      ])
      expect(kept[1]).toEqual(listing('B'))
    })

    it('gives back a run’s members in order of symbol, every digit and what is not known included', async () => {
      const store = await open()
      await store.putMembers(run('r1'), [...MEMBERS].reverse())
      await store.putMembers(run('r2'), [eligible('A')])

      expect(await store.members('r1')).toEqual(MEMBERS)
      expect(await store.members('r2')).toEqual([eligible('A')])
      expect(await store.members('r3')).toEqual([])
    })

    it('replaces a run’s members when they are put again', async () => {
      const store = await open()
      await store.putMembers(run('r1'), MEMBERS)
      const again: Member[] = [{ ...eligible('B'), status: 'observed' }, eligible('D')]
      await store.putMembers(run('r1'), again)
      expect(await store.members('r1')).toEqual(again)

      await store.putMembers(run('r1'), [])
      expect(await store.members('r1')).toEqual([])
    })

    it('gives back a ranking in order of rank, missing factors included', async () => {
      const store = await open()
      const young: RankedStock = {
        ...ranked('B', 3),
        measures: { momentum: { '21': 0.1, '252': Number.NaN }, volatility: 0.1, rsi: 70, sharpe: Number.NaN },
        values: { momentum: Number.NaN, lowVolatility: -0.1, rsi: 0, sharpe: Number.NaN },
        zScores: { momentum: Number.NaN, lowVolatility: 0.5, rsi: 0, sharpe: Number.NaN },
      }
      const ranking = [ranked('Z', 1), ranked('A', 2), young]
      await store.putRanking(run('r1'), [...ranking].reverse())

      expect(await store.ranking('r1')).toEqual(ranking)
      expect(await store.ranking('r2')).toEqual([])
    })

    it('replaces a ranking when it is put again', async () => {
      const store = await open()
      await store.putRanking(run('r1'), [ranked('A', 1), ranked('B', 2)])
      await store.putRanking(run('r1', '2024-06-10', 'other'), [ranked('B', 1)])

      expect(await store.ranking('r1')).toEqual([ranked('B', 1)])
      expect(await store.latest('made', session('2024-06-10'))).toBeUndefined()
      expect(await store.latest('other', session('2024-06-10'))).toEqual(run('r1', '2024-06-10', 'other'))
    })

    it('finds the newest ranked universe of a source up to a session; of one session’s runs the last', async () => {
      const store = await open()
      for (const universe of [run('c'), run('b', '2024-05-31'), run('a'), run('other', '2024-06-14', 'other')]) {
        await store.putRanking(universe, [ranked('A', 1)])
        // Some clocks tick in milliseconds.
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
      await store.putRanking(run('c'), [ranked('A', 1)])
      await store.putMembers(run('unranked', '2024-06-14'), MEMBERS)
      const latest = async (through: string) => (await store.latest('made', session(through)))?.run

      expect(await latest('2024-06-14')).toBe('a')
      expect(await latest('2024-06-07')).toBe('a')
      expect(await latest('2024-06-06')).toBe('b')
      expect(await latest('2024-05-30')).toBeUndefined()
    })
  })
}
