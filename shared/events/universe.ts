import { z } from 'zod'
import { event } from './event.ts'

const count = z.number().int().nonnegative()

/** What every event of the room carries: the session after whose close the universe is looked at, and whose bars. */
const dated = z.object({ asOf: z.iso.date(), source: z.string() })

/** The mandate's listings are noted, with those that are excluded or observed. */
export const UniverseDefined = event(
  'universe.instruments.defined',
  dated.extend({ listed: count, excluded: count, observed: count }),
)

/** Who may be ranked, and how many may not. */
export const FiltersApplied = event('universe.filters.applied', dated.extend({ eligible: count, filtered: count }))

/** The ranking of this run is stored: `universe.rankings` under the run's name. */
export const StocksRanked = event('universe.stocks.ranked', dated.extend({ ranked: count }))

/** Too few names passed the filters to compare them: the chain stops here. */
export const RankingRefused = event('universe.ranking.refused', dated.extend({ eligible: count, reason: z.string() }), {
  final: true,
  fails: ({ reason }) => reason,
})

/** What a person may ask of the universe; what is absent comes from the settings and the clock. */
export const universeParams = z.strictObject({
  /** The session after whose close to look. */
  date: z.iso.date().optional(),
  source: z.string().optional(),
})
