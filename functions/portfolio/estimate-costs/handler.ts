import { session } from '../../../shared/domain/market/session.ts'
import { considerTrades } from '../../../shared/domain/portfolio/rebalancing/consider-trades.ts'
import { deliberationOf } from '../../../shared/domain/portfolio/rebalancing/deliberation.ts'
import { compositeAlphas } from '../../../shared/domain/portfolio/rebalancing/expected-alpha.ts'
import { usedTurnover, yearStart } from '../../../shared/domain/portfolio/rebalancing/used-turnover.ts'
import { CostsEstimated, TargetWeightsSet } from '../../../shared/events/portfolio.ts'
import { startedRebalance } from '../../../shared/runtime/started-rebalance.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Considers one trade a name: what it would cost and earn, and whether band, size, alpha, turnover budget and cash let it pass. */
export default step({
  name: 'portfolio-estimate-costs',
  on: TargetWeightsSet,
  emits: [CostsEstimated],
  uses: ['settings', 'signals', 'rebalances'],

  async run({ session: date, asOf, source, signals: signalsRun }, { settings, signals, rebalances }, { run }) {
    const { mandate } = settings
    const day = session(date)
    const point = await startedRebalance(rebalances, run)
    const targets = await rebalances.targets(run)
    const alphas = compositeAlphas(await signals.signals(signalsRun), mandate.portfolio.informationCoefficient)
    const used = usedTurnover(await rebalances.reports(source, yearStart(day), day), day)

    const trades = considerTrades(targets, used, deliberationOf(mandate, { run, session: day, point }, alphas))
    await rebalances.putTrades(run, trades)
    const suppressed = trades.filter(({ verdict }) => verdict !== 'order').length
    const rebalance = { session: date, asOf, source, signals: signalsRun }
    return [CostsEstimated.of({ ...rebalance, considered: trades.length, suppressed })]
  },
})
