import { type Session, sessionToMs } from '../domain/market/session.ts'
import { tradingCalendar } from '../domain/market/trading-calendar.ts'
import type { FundHistory } from '../domain/monitoring/measure-fund.ts'
import type { AllPorts } from './ports.ts'

/**
 * The fund's snapshots up to a session, with the marks of that session and the targets then in force.
 * @param sessions only so many of the last; all of them when absent.
 */
export async function readFundHistory(
  { monitoring, rebalances }: Pick<AllPorts, 'monitoring' | 'rebalances'>,
  source: string,
  through: Session,
  sessions?: number,
): Promise<FundHistory> {
  const calendar = tradingCalendar('XNYS')
  const first = sessions === undefined ? 1 : Math.max(1, calendar.ordinal(sessionToMs(through)) - sessions + 1)
  const report = await rebalances.latestReport(source, through)
  const targets = report && (await rebalances.targets(report.run))
  return {
    snapshots: await monitoring.snapshots(source, calendar.sessionAt(first), through),
    marks: await monitoring.marks(source, through),
    targets: targets && new Map(targets.map(({ symbol, weight }) => [symbol, weight])),
  }
}
