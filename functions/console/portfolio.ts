import { type FundCurve, fundCurve } from '../../shared/domain/console/fund-curve.ts'
import { periodProfits } from '../../shared/domain/console/period-profit.ts'
import { addDays, isSession, msToSession } from '../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../shared/domain/market/trading-calendar.ts'
import type { Snapshot } from '../../shared/domain/monitoring/snapshot.ts'
import { json, type Route } from '../../shared/runtime/service.ts'
import { sourceOf } from '../../shared/runtime/settings.ts'
import { writtenPage } from './documents.ts'
import { DAYS_AHEAD } from './overview.ts'
import type { ConsolePorts } from './ports.ts'
import { type ChartNumbers, chartNumbers } from './series.ts'
import { absent, shortened, show } from './show.ts'

export const portfolio: Route<ConsolePorts> = {
  method: 'GET',
  path: '/portfolio',
  async run(request, ports) {
    const { clock, settings, monitoring, rebalances } = ports
    const source = sourceOf(settings.provider)
    const snapshots = await allSnapshots(ports)
    const snapshot = snapshots.at(-1)
    const [marks, figures, report] = await Promise.all([
      snapshot ? monitoring.marks(source, snapshot.session) : [],
      snapshot ? monitoring.figures(source, snapshot.session) : [],
      rebalances.latestReport(source, addDays(msToSession(clock.now()), DAYS_AHEAD)),
    ])
    const targets = report ? await rebalances.targets(report.run) : []
    const curve = fundCurve(snapshots)
    const view = {
      source,
      mandate: settings.mandate,
      snapshot,
      curve,
      profits: periodProfits(snapshots),
      marks,
      figures,
    }
    return show(ports, request, (pages, frame) => pages.portfolio(frame, { ...view, targets, report }))
  },
}

/** The daily report of a session as it was published. */
export const dailyReport: Route<ConsolePorts> = {
  method: 'GET',
  path: '/portfolio/daily-reports/:session',
  async run(request, ports) {
    const { session } = request.params
    const { dailyReports, settings } = ports
    const body = isSession(session) ? await dailyReports.page(sourceOf(settings.provider), session) : undefined
    return body ? writtenPage(body) : absent(ports, request, `There is no daily report of "${shortened(session)}"`)
  },
}

/** The numbers behind one chart of the portfolio: `value`, `growth` or `drawdown`. */
export const portfolioSeries: Route<ConsolePorts> = {
  method: 'GET',
  path: '/portfolio/series/:chart',
  async run(request, ports) {
    const name = request.params.chart
    if (!Object.hasOwn(CHARTS, name)) return absent(ports, request, `There is no chart "${shortened(name)}"`)
    const chart = CHARTS[name]
    return json(200, chart(fundCurve(await allSnapshots(ports))))
  },
}

const CHARTS: Readonly<Record<string, (curve: FundCurve) => ChartNumbers>> = {
  value: ({ at, value }) => chartNumbers('Value', 'number', at, [{ label: 'Value', values: value, area: true }]),
  growth: ({ at, growth, benchmark }) =>
    chartNumbers('Growth of 100', 'number', at, [
      { label: 'Fund', values: growth },
      { label: 'Benchmark', values: benchmark },
    ]),
  drawdown: ({ at, drawdown }) =>
    chartNumbers('Drawdown', 'percent', at, [{ label: 'Drawdown', values: drawdown, area: true }]),
}

function allSnapshots({ clock, settings, monitoring }: ConsolePorts): Promise<Snapshot[]> {
  return monitoring.snapshots(sourceOf(settings.provider), tradingCalendar('XNYS').first, msToSession(clock.now()))
}
