import { instrumentOf } from '../market/instrument.ts'
import { DEFAULT_EQUITIES } from '../universe/default-instruments.ts'
import type { Listing } from '../universe/listing.ts'

/** The sector a held name counts to: as the mandate lists it, or, when it does not any more, as it is commonly known. */
export function sectorOf(listings: readonly Pick<Listing, 'symbol' | 'sector'>[]): (symbol: string) => string {
  const known = new Map([...DEFAULT_EQUITIES, ...listings].map(({ symbol, sector }) => [symbol, sector]))
  return (symbol) => known.get(symbol) ?? (instrumentOf(symbol).asset === 'crypto' ? 'Crypto' : 'Unclassified')
}
