import { countMembers } from '../../../shared/domain/universe/apply-filters.ts'
import { listingOf } from '../../../shared/domain/universe/listing.ts'
import { UniverseDefined, universeParams } from '../../../shared/events/universe.ts'
import { askedSession } from '../../../shared/runtime/asked-session.ts'
import { lastCompletedSession } from '../../../shared/runtime/clocks.ts'
import { sourceOf } from '../../../shared/runtime/settings.ts'
import { clock, step } from '../../../shared/runtime/step.ts'

/** Opens the week's universe: notes whom the mandate lists, as of the last completed session or the one a person asks for. */
export default step({
  name: 'universe-define-universe',
  on: clock({
    schedule: '0 7 * * 0',
    workflow: 'universe',
    calendar: 'XNYS',
    slot: lastCompletedSession,
    catchUp: 'latest',
    params: universeParams,
  }),
  emits: [UniverseDefined],
  uses: ['settings', 'clock', 'universe'],
  resources: { cpu: '100m', memory: '128Mi' },

  async run(opening, { settings, clock, universe }) {
    const asOf = askedSession('Universe', opening, clock)
    const rules = settings.mandate.universe
    await universe.putListings(rules.listings.map(listingOf))
    const source = opening.params.source ?? sourceOf(settings.provider)
    return [UniverseDefined.of({ asOf, source, ...countMembers(rules, asOf) })]
  },
})
