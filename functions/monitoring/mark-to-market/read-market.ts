import { groupBy } from '../../../shared/domain/group-by.ts'
import type { BarSeries } from '../../../shared/domain/market/bar.ts'
import { bySymbol } from '../../../shared/domain/market/by-symbol.ts'
import { instrumentOf } from '../../../shared/domain/market/instrument.ts'
import { addDays, type Session, sessionToMs } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { firstBarsOf, type MarkInputs } from '../../../shared/domain/monitoring/mark-sessions.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'

interface Range {
  readonly from: Session
  readonly to: Session
  readonly source: string
}

type Market = Pick<MarkInputs, 'bars' | 'benchmark' | 'targets' | 'marksBefore'>

/** What marking needs beside the ledger: one read of bars for the range, and the targets that held in it. */
export async function readMarket(
  {
    barHistory,
    rebalances,
    monitoring,
    settings,
  }: Pick<AllPorts, 'barHistory' | 'rebalances' | 'monitoring' | 'settings'>,
  held: readonly string[],
  range: Range,
): Promise<Market> {
  const { from, to, source } = range
  const calendar = tradingCalendar('XNYS')
  const before = calendar.previous(from)

  const read = (symbols: readonly string[], first: Session, adjusted: 'none' | 'total') =>
    barHistory.read({
      dataset: { source, asset: instrumentOf(symbols[0]).asset, interval: '1d' },
      symbols,
      from: sessionToMs(first),
      to: sessionToMs(addDays(to, 1)),
      adjusted,
      asOf: to,
    })
  const series: BarSeries[] = []
  for (const symbols of groupBy(held, (symbol) => instrumentOf(symbol).asset).values()) {
    series.push(...(await read(symbols, firstBarsOf(before), 'none')))
  }
  return {
    bars: bySymbol(series),
    // With its dividends, where the benchmark is something that pays them.
    benchmark: await read([settings.benchmark], before, 'total'),
    targets: await readTargets(rebalances, range),
    marksBefore: await monitoring.marks(source, before),
  }
}

/** The targets in force at the first session, and those that came within the range. */
async function readTargets(
  rebalances: AllPorts['rebalances'],
  { from, to, source }: Range,
): Promise<Market['targets']> {
  const inForce = await rebalances.latestReport(source, from)
  const within = await rebalances.reports(source, from, to)
  const reports = [...(inForce && inForce.session < from ? [inForce] : []), ...within]
  const targets: Market['targets'][number][] = []
  for (const { run, session } of reports) {
    const weights = new Map((await rebalances.targets(run)).map(({ symbol, weight }) => [symbol, weight]))
    targets.push({ session, weights })
  }
  return targets
}
