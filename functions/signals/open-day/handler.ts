import { ScoringOpened, signalsParams } from '../../../shared/events/signals.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { askedSession } from '../../../shared/runtime/asked-session.ts'
import { lastCompletedSession } from '../../../shared/runtime/clocks.ts'
import { type Settings, sourceOf } from '../../../shared/runtime/settings.ts'
import { clock, step } from '../../../shared/runtime/step.ts'

/** Opens a scoring of its own, of the stocks that were ranked last: each morning where the mandate asks for it, by hand at any time. */
export default step({
  name: 'signals-open-day',
  on: clock({
    schedule: '30 7 * * *',
    workflow: 'signals',
    calendar: 'XNYS',
    slot: lastCompletedSession,
    catchUp: 'latest',
    params: signalsParams,
    enabled: ({ settings }: { settings: Settings }) => settings.mandate.signals.daily,
  }),
  emits: [ScoringOpened],
  uses: ['settings', 'clock', 'universe'],
  resources: { cpu: '100m', memory: '128Mi' },

  async run(opening, { settings, clock, universe }) {
    const asOf = askedSession('Signals', opening, clock)
    const source = opening.params.source ?? sourceOf(settings.provider)
    const ranked = await universe.latest(source, asOf)
    if (!ranked) {
      throw new InputError(`No ranked universe of source "${source}" as of ${asOf} or earlier: run the universe first`)
    }
    return [ScoringOpened.of({ asOf, source, universe: ranked.run }, { join: 'scores', part: asOf })]
  },
})
