import { session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { alertNotice } from '../../../shared/domain/monitoring/alert-notice.ts'
import { changesAt } from '../../../shared/domain/monitoring/alert-states.ts'
import { AlertsJudged, DailyReportPublished } from '../../../shared/events/monitoring.ts'
import { readFundHistory } from '../../../shared/runtime/fund-history.ts'
import { notifyAll } from '../../../shared/runtime/notify-all.ts'
import { step } from '../../../shared/runtime/step.ts'

/** An alert that was raised long ago and is still open is shown; of those that are over, the last of them. */
const MOST_ALERTS = 1000

/**
 * Publishes the report of the range's last session, with the tear sheet, and tells people what was raised and resolved: only while that is
 * the newest session, since a walk through history must not write e-mails. After a failure the notice may come twice, with the same key.
 */
export default step({
  name: 'monitoring-publish-report',
  on: AlertsJudged,
  emits: [DailyReportPublished],
  uses: ['settings', 'clock', 'rebalances', 'monitoring', 'dailyReports', 'notifiers'],

  async run({ from, to, source }, ports) {
    const { settings, monitoring } = ports
    const { mandate } = settings
    const last = session(to)
    const { snapshots, marks } = await readFundHistory(ports, source, last)
    const alerts = await monitoring.alerts(source, { through: last, limit: MOST_ALERTS })
    const report = {
      source,
      fund: mandate.name,
      currency: mandate.baseCurrency,
      benchmark: settings.benchmark,
      snapshots,
      marks,
      figures: await monitoring.figures(source, last),
      alerts: changesAt(alerts, last),
      nameCap: mandate.portfolio.nameCap,
      sectorCap: mandate.portfolio.sectorCap,
      incomeTarget: mandate.income.target,
    }
    const keys = await ports.dailyReports.publish(report)

    const newest = last >= tradingCalendar('XNYS').lastCompleted(ports.clock.now())
    const notice = newest ? alertNotice(report) : undefined
    if (notice) await notifyAll(ports.notifiers, notice)
    return [DailyReportPublished.of({ from, to, source, ...keys })]
  },
})
