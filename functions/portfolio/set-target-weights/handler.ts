import { instrumentOf } from '../../../shared/domain/market/instrument.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { needsCovariance, setTargets } from '../../../shared/domain/portfolio/rebalancing/set-targets.ts'
import { standings } from '../../../shared/domain/portfolio/rebalancing/standing.ts'
import { RebalanceOpened, RebalanceRefused, TargetWeightsSet } from '../../../shared/events/portfolio.ts'
import { readDailyBars } from '../../../shared/runtime/daily-bars.ts'
import { startedRebalance } from '../../../shared/runtime/started-rebalance.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Sets what the fund wants to hold, by the mandate's method and within its caps; what cannot be placed stays in cash and is said. */
export default step({
  name: 'portfolio-set-target-weights',
  on: RebalanceOpened,
  emits: [TargetWeightsSet, RebalanceRefused],
  uses: ['settings', 'signals', 'barHistory', 'rebalances'],

  async run(
    { session: date, asOf, source, signals: signalsRun },
    { settings, signals, barHistory, rebalances },
    { run },
  ) {
    const { portfolio: rules, universe } = settings.mandate
    const point = await startedRebalance(rebalances, run)
    const scored = await signals.signals(signalsRun)
    const bars = needsCovariance(rules.method)
      ? await readDailyBars(barHistory, {
          source,
          instruments: scored.map(({ symbol }) => instrumentOf(symbol)),
          through: session(asOf),
          sessions: rules.covarianceSessions + 1,
          adjusted: 'total',
        })
      : undefined
    const set = setTargets({ point, signals: scored, standing: standings(universe, session(date)), rules, bars })
    if ('refused' in set) return [RebalanceRefused.of({ session: date, asOf, source, reason: set.refused })]

    await rebalances.putTargets(run, set.targets)
    const names = set.targets.filter(({ weight }) => weight > 0).length
    const { method } = rules
    const rebalance = { session: date, asOf, source, signals: signalsRun }
    return [TargetWeightsSet.of({ ...rebalance, method, names, unplaced: set.unplaced })]
  },
})
