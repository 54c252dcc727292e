import { isZero, toText } from '../../../shared/domain/money/decimal.ts'
import { staleSignals, startRefusal, tooLate } from '../../../shared/domain/portfolio/rebalancing/start-refusal.ts'
import { portfolioParams, RebalanceOpened, RebalanceRefused } from '../../../shared/events/portfolio.ts'
import { monthlyRebalance } from '../../../shared/runtime/clocks.ts'
import { sourceOf } from '../../../shared/runtime/settings.ts'
import { clock, step } from '../../../shared/runtime/step.ts'
import { askedRebalance } from './asked-rebalance.ts'
import { readStart } from './read-start.ts'

/** Opens the month's rebalance: the book, the signals and the prices that it stands on, noted once for all of its steps. */
export default step({
  name: 'portfolio-open-rebalance',
  on: clock({
    schedule: '0 8 * * *',
    workflow: 'portfolio',
    calendar: 'XNYS',
    slot: monthlyRebalance,
    catchUp: 'latest',
    session: 'coming',
    params: portfolioParams,
  }),
  emits: [RebalanceOpened, RebalanceRefused],
  uses: ['settings', 'clock', 'ledger', 'signals', 'barHistory', 'fundamentals', 'rebalances'],

  async run(opening, ports, { run }) {
    const { settings, ledger, signals, rebalances } = ports
    const { session, asOf } = askedRebalance(opening, ports.clock)
    const source = opening.params.source ?? sourceOf(settings.provider)
    const rebalance = { session, asOf, source }
    const refuse = (reason: string) => [RebalanceRefused.of({ ...rebalance, reason })]

    const kept = await ledger.source()
    if (kept !== undefined && kept !== source) {
      return refuse(`The book is kept with prices of "${kept}", the rebalance asks for those of "${source}"`)
    }
    const late = tooLate(await ledger.entries(undefined, session), session)
    if (late !== undefined) return refuse(late)
    const scored = await signals.latest(source, asOf)
    if (!scored) return refuse(`No signals of "${source}" as of ${asOf} or earlier: run universe and signals first`)
    const stale = staleSignals(scored.asOf, asOf, settings.mandate.portfolio.maximumSignalAgeSessions)
    if (stale !== undefined) return refuse(stale)

    const start = await readStart(ports, rebalance, scored.run)
    const impossible = startRefusal(start, asOf)
    if (impossible !== undefined) return refuse(impossible)

    await rebalances.open({ run, ...rebalance, signals: scored.run }, start)
    const held = start.names.filter((name) => !isZero(name.held)).length
    const [value, cash] = [toText(start.value), toText(start.cash)]
    return [RebalanceOpened.of({ ...rebalance, signals: scored.run, signalsAsOf: scored.asOf, value, cash, held })]
  },
})
