import { session } from '../../../shared/domain/market/session.ts'
import { applyFilters, filterLookback, isRankable } from '../../../shared/domain/universe/apply-filters.ts'
import { listingOf } from '../../../shared/domain/universe/listing.ts'
import { FiltersApplied, UniverseDefined } from '../../../shared/events/universe.ts'
import { readDailyBars } from '../../../shared/runtime/daily-bars.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Measures every listing by its bars as traded and decides who may be ranked; the others keep their reasons. */
export default step({
  name: 'universe-apply-filters',
  on: UniverseDefined,
  emits: [FiltersApplied],
  uses: ['settings', 'barHistory', 'universe'],

  async run({ asOf, source }, { settings, barHistory, universe }, { run }) {
    const rules = settings.mandate.universe
    const through = session(asOf)
    const bars = await readDailyBars(barHistory, {
      source,
      instruments: rules.listings.map(listingOf),
      through,
      sessions: filterLookback(rules.filters),
      adjusted: 'none',
    })
    const members = applyFilters(rules, bars, through)
    await universe.putMembers({ run, asOf: through, source }, members)
    const eligible = members.filter(isRankable).length
    return [FiltersApplied.of({ asOf, source, eligible, filtered: members.length - eligible })]
  },
})
