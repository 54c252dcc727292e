import { session } from '../../../shared/domain/market/session.ts'
import { checkLimits } from '../../../shared/domain/portfolio/rebalancing/check-limits.ts'
import { deliberationOf } from '../../../shared/domain/portfolio/rebalancing/deliberation.ts'
import { CostsEstimated, LimitsChecked } from '../../../shared/events/portfolio.ts'
import { startedRebalance } from '../../../shared/runtime/started-rebalance.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Looks a second time at the proposed portfolio as a whole, and cuts or refuses what a limit does not let through. */
export default step({
  name: 'portfolio-check-limits',
  on: CostsEstimated,
  emits: [LimitsChecked],
  uses: ['settings', 'rebalances'],

  async run({ session: date, asOf, source, signals }, { settings, rebalances }, { run }) {
    const point = await startedRebalance(rebalances, run)
    const rules = deliberationOf(settings.mandate, { run, session: session(date), point }, new Map())
    const { trades, ...counts } = checkLimits(await rebalances.trades(run), rules)
    await rebalances.putTrades(run, trades)
    return [LimitsChecked.of({ session: date, asOf, source, signals, ...counts })]
  },
})
