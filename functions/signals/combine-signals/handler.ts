import { session } from '../../../shared/domain/market/session.ts'
import { countBands } from '../../../shared/domain/signals/band.ts'
import { absentComponents, combineSignals } from '../../../shared/domain/signals/combine-signals.ts'
import { COMPONENTS, type Component, type ComponentScore } from '../../../shared/domain/signals/signal.ts'
import {
  FundamentalsScored,
  SentimentScored,
  SignalsCombined,
  SignalsRefused,
  TechnicalsScored,
} from '../../../shared/events/signals.ts'
import { join, step } from '../../../shared/runtime/step.ts'

const AN_HOUR_MS = 3_600_000

/** Combines every component's scores into one signal a stock, once all of them have been scored. */
export default step({
  name: 'signals-combine-signals',
  on: join('scores', [TechnicalsScored, FundamentalsScored, SentimentScored], { deadlineMs: AN_HOUR_MS }),
  emits: [SignalsCombined, SignalsRefused],
  uses: ['settings', 'universe', 'signals'],
  resources: { cpu: '100m', memory: '128Mi' },

  async run({ parts: [part], failed }, ports, { run }) {
    if (!part) return [SignalsRefused.of({ reason: failed.map(({ reason }) => reason).join('; ') })]
    const { asOf, source, universe } = part.events[TechnicalsScored.subject]
    const rules = ports.settings.mandate.signals
    const ranking = await ports.universe.ranking(universe)
    const scores: Partial<Record<Component, ComponentScore[]>> = {}
    for (const component of COMPONENTS) scores[component] = await ports.signals.scores(run, component)

    const signals = combineSignals(ranking, scores, rules)
    // A run that combined nothing must not stand before the last that did.
    if (signals.length > 0) await ports.signals.putSignals({ run, asOf: session(asOf), source, universe }, signals)
    const counts = { combined: signals.length, withoutScore: ranking.length - signals.length }
    const absent = absentComponents(scores, rules)
    return [SignalsCombined.of({ asOf, source, ...counts, bands: countBands(signals), absent })]
  },
})
