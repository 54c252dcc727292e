import { session } from '../../../shared/domain/market/session.ts'
import { measureFund } from '../../../shared/domain/monitoring/measure-fund.ts'
import { PortfolioMarked, RiskMeasured } from '../../../shared/events/monitoring.ts'
import { readFundHistory } from '../../../shared/runtime/fund-history.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Measures performance, risk, exposure and income as of the last session of the range, from the snapshots since inception. */
export default step({
  name: 'monitoring-measure-risk',
  on: PortfolioMarked,
  emits: [RiskMeasured],
  uses: ['settings', 'rebalances', 'monitoring'],

  async run({ from, to, source }, ports) {
    const history = await readFundHistory(ports, source, session(to))
    const figures = measureFund(history, ports.settings.mandate.income)
    await ports.monitoring.putFigures(source, session(to), figures)
    const insufficient = figures.filter((figure) => 'insufficient' in figure).length
    return [RiskMeasured.of({ from, to, source, figures: figures.length, insufficient })]
  },
})
