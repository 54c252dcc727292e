import type { Session } from '../domain/market/session.ts'
import type { Listing } from '../domain/universe/listing.ts'
import type { Member } from '../domain/universe/member.ts'
import type { RankedStock } from '../domain/universe/ranked-stock.ts'

/** A universe that a run looked at. */
export interface UniverseRun {
  readonly run: string
  readonly asOf: Session
  readonly source: string
}

/** `universe.*`: who may be held, and who ranks where. Everything is kept under the run that found it. */
export interface UniverseStore {
  /** Upserts `universe.instruments`, the current particulars of every name that was ever listed. */
  putListings(listings: readonly Listing[]): Promise<void>
  listings(): Promise<Listing[]>
  putMembers(universe: UniverseRun, members: readonly Member[]): Promise<void>
  /** In order of symbol. */
  members(run: string): Promise<Member[]>
  putRanking(universe: UniverseRun, ranking: readonly RankedStock[]): Promise<void>
  /** In order of rank. */
  ranking(run: string): Promise<RankedStock[]>
  /** The newest ranked universe of the source as of a session or earlier; of one session's runs the last. */
  latest(source: string, through: Session): Promise<UniverseRun | undefined>
}
