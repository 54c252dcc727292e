import { addDays, msToSession } from '../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../shared/domain/market/trading-calendar.ts'
import type { Route } from '../../shared/runtime/service.ts'
import { sourceOf } from '../../shared/runtime/settings.ts'
import type { ConsolePorts } from './ports.ts'
import { show } from './show.ts'

const ALERTS_SHOWN = 20
/** A rebalance is for the coming session, which may be some days ahead of the last one. */
export const DAYS_AHEAD = 10

export const overview: Route<ConsolePorts> = {
  method: 'GET',
  path: '/overview',
  async run(request, ports) {
    const { clock, settings, runViews, monitoring, rebalances, signals, qualityReports } = ports
    const source = sourceOf(settings.provider)
    const now = clock.now()
    const today = msToSession(now)
    const [runs, deadLetters, snapshot, alerts, report, signalRun, [quality]] = await Promise.all([
      runViews.newest(),
      runViews.countDeadLetters(),
      monitoring.latestSnapshot(source, today),
      monitoring.alerts(source, { open: true, limit: ALERTS_SHOWN }),
      rebalances.latestReport(source, addDays(today, DAYS_AHEAD)),
      signals.latest(source, today),
      qualityReports.latest(1),
    ])
    const due = tradingCalendar('XNYS').lastCompleted(now)
    const view = { runs, deadLetters, snapshot, alerts, report, signals: signalRun, quality, due }
    return show(ports, request, (pages, frame) => pages.overview(frame, view))
  },
}
