import type { Listing } from '../../domain/universe/listing.ts'
import type { Member } from '../../domain/universe/member.ts'
import type { RankedStock } from '../../domain/universe/ranked-stock.ts'
import type { UniverseRun, UniverseStore } from '../../ports/universe-stores.ts'
import { latestRun } from './latest-run.ts'

/** Universes in this process. */
export function memoryUniverse(): UniverseStore {
  const listings = new Map<string, Listing>()
  const members = new Map<string, readonly Member[]>()
  const rankings = new Map<string, readonly RankedStock[]>()
  const ranked = new Map<string, UniverseRun>()
  return {
    async putListings(given) {
      for (const listing of given) listings.set(listing.symbol, listing)
    },
    listings: async () => [...listings.values()].sort(bySymbol),
    async putMembers({ run }, given) {
      members.set(
        run,
        [...given].sort((a, b) => bySymbol(a.listing, b.listing)),
      )
    },
    members: async (run) => [...(members.get(run) ?? [])],
    async putRanking({ run, asOf, source }, ranking) {
      ranked.set(run, { run, asOf, source })
      rankings.set(
        run,
        [...ranking].sort((a, b) => a.rank - b.rank),
      )
    },
    ranking: async (run) => [...(rankings.get(run) ?? [])],
    latest: async (source, through) => latestRun(ranked.values(), source, through),
  }
}

function bySymbol(a: { readonly symbol: string }, b: { readonly symbol: string }): number {
  return a.symbol < b.symbol ? -1 : 1
}
