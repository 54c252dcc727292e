import { ScoringOpened } from '../../../shared/events/signals.ts'
import { StocksRanked } from '../../../shared/events/universe.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Opens the scoring of the stocks that were just ranked, in the same run. */
export default step({
  name: 'signals-open-scoring',
  on: StocksRanked,
  emits: [ScoringOpened],
  resources: { cpu: '100m', memory: '128Mi' },

  run({ asOf, source }, _, { run }) {
    return [ScoringOpened.of({ asOf, source, universe: run }, { join: 'scores', part: asOf })]
  },
})
