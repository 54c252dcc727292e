import { type Instrument, instrumentOf } from '../market/instrument.ts'

/** An instrument as the fund may hold it: with the sector its caps count by, and where and in what it trades. */
export interface Listing extends Instrument {
  readonly name: string
  /** GICS sector; `Crypto` for coins. */
  readonly sector: string
  /** ISO 4217. Anything but the fund's base currency is refused. */
  readonly currency: string
  /** Market identifier code, such as XNYS or XNAS; `24/7` for coins. */
  readonly exchange: string
}

/** What a mandate says of a name: its asset class and calendar follow from the symbol. */
type ListingRule = Pick<Listing, 'symbol' | 'sector' | 'currency' | 'exchange'> & { readonly name?: string | undefined }

/** A mandate's listing with all that its symbol says; the symbol stands in for a name that was not given. */
export function listingOf({ symbol, name = symbol, sector, currency, exchange }: ListingRule): Listing {
  return { ...instrumentOf(symbol), name, sector, currency, exchange }
}
