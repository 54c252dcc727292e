import { instrumentOf } from '../../../shared/domain/market/instrument.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { technicalLookback, technicalScore } from '../../../shared/domain/signals/technical/technical-score.ts'
import { ScoringOpened, TechnicalsScored } from '../../../shared/events/signals.ts'
import { readDailyBars } from '../../../shared/runtime/daily-bars.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Scores each ranked stock by its trend, MACD and Bollinger bands, on total-return prices. */
export default step({
  name: 'signals-score-technicals',
  on: ScoringOpened,
  emits: [TechnicalsScored],
  uses: ['settings', 'barHistory', 'universe', 'signals'],

  async run({ asOf, source, universe }, ports, { run }) {
    const rules = ports.settings.mandate.signals.technical
    const through = session(asOf)
    const stocks = await ports.universe.ranking(universe)
    const bars = await readDailyBars(ports.barHistory, {
      source,
      instruments: stocks.map(({ symbol }) => instrumentOf(symbol)),
      through,
      sessions: technicalLookback(rules),
      adjusted: 'total',
    })
    const scores = stocks.map(({ symbol }) => technicalScore(symbol, bars.get(symbol), through, rules))
    await ports.signals.putScores({ run, asOf: through, source, universe }, 'technical', scores)
    const absent = scores.filter(({ score }) => score === undefined).length
    return [TechnicalsScored.of({ asOf, source, universe, scored: scores.length - absent, absent })]
  },
})
