import type { Mandate } from '../../mandate/mandate.ts'
import type { Session } from '../../market/session.ts'

/** What the fund's lists say of a name on a session, whatever its signal: free to trade, not to be added to, or to be sold. */
export type Standing =
  | { readonly standing: 'free' }
  | { readonly standing: 'observed' | 'must-sell'; readonly reason: string }

/** Judges names by the mandate's listings, exclusions and observation list, as they are in force on a session. */
export function standings({ listings, exclusions, observation }: Mandate['universe'], on: Session) {
  const listed = new Set(listings.map(({ symbol }) => symbol))
  return (symbol: string): Standing => {
    const excluded = exclusions.find((entry) => entry.symbol === symbol && entry.date <= on)
    if (excluded) return { standing: 'must-sell', reason: `excluded since ${excluded.date}: ${excluded.reason}` }
    if (!listed.has(symbol)) return { standing: 'must-sell', reason: 'no longer among the listings' }
    const watched = observation.find((entry) => entry.symbol === symbol && entry.date <= on)
    if (watched) return { standing: 'observed', reason: `under observation since ${watched.date}: ${watched.reason}` }
    return { standing: 'free' }
  }
}
