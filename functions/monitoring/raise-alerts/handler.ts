import { session } from '../../../shared/domain/market/session.ts'
import { alertConditions } from '../../../shared/domain/monitoring/alert-conditions.ts'
import { SESSIONS_PER_YEAR } from '../../../shared/domain/monitoring/measure-fund.ts'
import type { AlertState } from '../../../shared/domain/monitoring/snapshot.ts'
import { AlertRaised, AlertResolved, AlertsJudged, RiskMeasured } from '../../../shared/events/monitoring.ts'
import { readFundHistory } from '../../../shared/runtime/fund-history.ts'
import { step } from '../../../shared/runtime/step.ts'

/**
 * Judges the mandate's limits at the last session of the range. What is new is said once, and once when it is over. The sessions before the
 * last are not judged: an alert is for somebody who can still act.
 */
export default step({
  name: 'monitoring-raise-alerts',
  on: RiskMeasured,
  emits: [AlertsJudged, AlertRaised, AlertResolved],
  uses: ['settings', 'rebalances', 'monitoring'],

  async run({ from, to, source }, ports) {
    const last = session(to)
    const history = await readFundHistory(ports, source, last, SESSIONS_PER_YEAR)
    const conditions = alertConditions(history, ports.settings.mandate.alerts)
    const { raised, resolved, open } = await ports.monitoring.judge(source, last, conditions)

    const said = ({ alert, severity, message }: AlertState) => ({ session: to, alert, severity, message })
    const counts = { raised: raised.length, resolved: resolved.length, open: open.length }
    return [
      AlertsJudged.of({ from, to, source, ...counts }),
      ...raised.map((state) => AlertRaised.of(said(state))),
      ...resolved.map((state) => AlertResolved.of(said(state))),
    ]
  },
})
