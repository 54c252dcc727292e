import { bySymbol } from '../../../shared/domain/market/by-symbol.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { fundamentalScore } from '../../../shared/domain/signals/fundamental/fundamental-score.ts'
import { FundamentalsScored, ScoringOpened } from '../../../shared/events/signals.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Scores each ranked stock by the newest ratios that were stored for it; what is missing or stale has no say. */
export default step({
  name: 'signals-score-fundamentals',
  on: ScoringOpened,
  emits: [FundamentalsScored],
  uses: ['settings', 'fundamentals', 'universe', 'signals'],
  resources: { cpu: '100m', memory: '128Mi' },

  async run({ asOf, source, universe }, ports, { run }) {
    const rules = ports.settings.mandate.signals.fundamental
    const through = session(asOf)
    const symbols = (await ports.universe.ranking(universe)).map(({ symbol }) => symbol)
    const ratios = bySymbol(await ports.fundamentals.read(symbols, source, through))
    const scores = symbols.map((symbol) => fundamentalScore(symbol, ratios.get(symbol)?.[0], through, rules))
    await ports.signals.putScores({ run, asOf: through, source, universe }, 'fundamental', scores)
    const absent = scores.filter(({ score }) => score === undefined).length
    return [FundamentalsScored.of({ asOf, source, universe, scored: scores.length - absent, absent })]
  },
})
