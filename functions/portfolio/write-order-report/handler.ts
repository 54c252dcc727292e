import { session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { toText } from '../../../shared/domain/money/decimal.ts'
import { orderReportContent } from '../../../shared/domain/portfolio/rebalancing/order-report-content.ts'
import { monthlySpending, quarterEnds } from '../../../shared/domain/portfolio/rebalancing/spending.ts'
import { usedTurnover, yearStart } from '../../../shared/domain/portfolio/rebalancing/used-turnover.ts'
import { LimitsChecked, OrderReportWritten } from '../../../shared/events/portfolio.ts'
import { startedRebalance } from '../../../shared/runtime/started-rebalance.ts'
import { step } from '../../../shared/runtime/step.ts'

/** Writes the order report as HTML, CSV, JSON and Parquet, and its sums into the database. No order is sent anywhere. */
export default step({
  name: 'portfolio-write-order-report',
  on: LimitsChecked,
  emits: [OrderReportWritten],
  uses: ['settings', 'signals', 'monitoring', 'rebalances', 'orderReports'],

  async run({ session: date, asOf: through, source, signals: signalsRun }, ports, { run }) {
    const { settings, signals, monitoring, rebalances, orderReports } = ports
    const { mandate } = settings
    const calendar = tradingCalendar('XNYS')
    const [day, asOf] = [session(date), session(through)]
    const { spending } = mandate.income
    const [first = asOf] = quarterEnds(day, spending.quarters, calendar).reverse()
    const snapshots = await monitoring.snapshots(source, first, asOf)
    const values = new Map(snapshots.map(({ session, value }) => [session, value]))

    const content = orderReportContent({
      ...{ run, session: day, asOf, source, signalsRun, mandate },
      start: await startedRebalance(rebalances, run),
      targets: await rebalances.targets(run),
      trades: await rebalances.trades(run),
      signals: await signals.signals(signalsRun),
      used: usedTurnover(await rebalances.reports(source, yearStart(day), day), day),
      spending: monthlySpending(values, day, spending, calendar),
    })
    const files = await orderReports.write(content)
    const { totals } = content
    await rebalances.putReport({ run, session: day, asOf, source, signals: signalsRun, ...totals, files })
    const { orders, suppressed, turnover } = totals
    const [buys, sells, costs] = [totals.buys, totals.sells, totals.costs].map(toText)
    const rebalance = { session: date, asOf: through, source, signals: signalsRun }
    return [OrderReportWritten.of({ ...rebalance, orders, suppressed, buys, sells, costs, turnover, html: files.html })]
  },
})
