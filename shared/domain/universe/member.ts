import type { Listing } from './listing.ts'

/** What a filter looks at. NaN where it cannot be known. */
export interface Measures {
  /** Sessions with a bar up to the day looked at. */
  readonly historySessions: number
  /** Median of close × volume over the mandate's sessions, base currency. */
  readonly medianDollarVolume: number
  /** Last close as traded. */
  readonly price: number
  /** Good bars over expected ones in the history looked at, 0 to 1. */
  readonly quality: number
  /** Sessions between the newest bar and the day looked at. */
  readonly ageSessions: number
}

/** A listing as the universe of a day sees it. */
export interface Member {
  readonly listing: Listing
  /** `observed` is ranked and may be held but not added to; `excluded` must be sold; `filtered` is not ranked. */
  readonly status: 'eligible' | 'observed' | 'excluded' | 'filtered'
  /** Why it is not simply eligible, in words. */
  readonly reasons: readonly string[]
  /** Absent for an excluded name, which nobody measures. */
  readonly measures?: Measures
}
