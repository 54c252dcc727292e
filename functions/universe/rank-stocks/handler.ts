import { session } from '../../../shared/domain/market/session.ts'
import { isRankable } from '../../../shared/domain/universe/apply-filters.ts'
import { factorLookback } from '../../../shared/domain/universe/factor-measures.ts'
import { rankingShortfall, rankStocks } from '../../../shared/domain/universe/rank-stocks.ts'
import { FiltersApplied, RankingRefused, StocksRanked } from '../../../shared/events/universe.ts'
import { readDailyBars } from '../../../shared/runtime/daily-bars.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Ranks the eligible stocks among themselves by momentum, low volatility, RSI and Sharpe ratio of their total returns. */
export default step({
  name: 'universe-rank-stocks',
  on: FiltersApplied,
  emits: [StocksRanked, RankingRefused],
  uses: ['settings', 'barHistory', 'universe'],

  async run({ asOf, source, eligible }, { settings, barHistory, universe }, { run }) {
    const rules = settings.mandate.factors
    const through = session(asOf)
    const members = await universe.members(run)
    const bars = await readDailyBars(barHistory, {
      source,
      instruments: members.filter(isRankable).map(({ listing }) => listing),
      through,
      sessions: factorLookback(rules) + 1,
      adjusted: 'total',
    })
    const ranking = rankStocks(members, bars, through, rules)
    const reason = rankingShortfall(ranking, members)
    if (reason !== undefined) return [RankingRefused.of({ asOf, source, eligible, reason })]
    await universe.putRanking({ run, asOf: through, source }, ranking)
    return [StocksRanked.of({ asOf, source, ranked: ranking.length })]
  },
})
