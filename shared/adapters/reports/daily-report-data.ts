import type { DailyReport } from '../../domain/monitoring/daily-report.ts'
import { monthlyReturns } from '../../domain/monitoring/monthly-returns.ts'

/**
 * The report as JSON, for programs: amounts as exact decimal texts, returns and shares as fractions, null for what is missing. What holds for
 * the page holds for it, but of the history it has the months; every session is in `monitoring.portfolio_snapshots`.
 */
export function dailyReportData(report: DailyReport): string {
  const { source, fund, currency, benchmark, snapshots, marks, figures, alerts } = report
  const document = {
    source,
    simulated: source === 'simulated',
    fund,
    currency,
    benchmark,
    since: snapshots[0]?.session,
    snapshot: snapshots.at(-1),
    positions: marks,
    figures,
    alerts,
    monthlyReturns: monthlyReturns(snapshots).map(({ year, months, whole }) => ({ year, months: [...months], whole })),
  }
  // What is not there is null and not left out, so that every report has the same fields.
  return `${JSON.stringify(document, (_, value: unknown) => (value === undefined ? null : value), 2)}\n`
}
