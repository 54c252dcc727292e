import type { Session } from '../../domain/market/session.ts'
import type { ConsideredTrade } from '../../domain/portfolio/considered-trade.ts'
import { inOrder } from '../../domain/portfolio/rebalancing/consider-trades.ts'
import type { StartingPoint } from '../../domain/portfolio/rebalancing/starting-point.ts'
import type { OrderReport, Rebalance, RebalanceStore, TargetWeight } from '../../ports/rebalance-store.ts'

/** Rebalances in this process. */
export function memoryRebalances(): RebalanceStore {
  const opened = new Map<string, { readonly rebalance: Rebalance; readonly start: StartingPoint }>()
  const targets = new Map<string, readonly TargetWeight[]>()
  const trades = new Map<string, readonly ConsideredTrade[]>()
  const reports = new Map<string, OrderReport>()

  /** The last report of each session, ascending. */
  const lastReports = (source: string, from: string, through: Session) => {
    const last = new Map<Session, OrderReport>()
    for (const report of reports.values()) {
      if (report.source === source && report.session >= from && report.session <= through)
        last.set(report.session, report)
    }
    return [...last.values()].sort((a, b) => (a.session < b.session ? -1 : 1))
  }

  return {
    async open(rebalance, start) {
      const names = [...start.names].sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
      opened.set(rebalance.run, { rebalance, start: { ...start, names } })
    },
    get: async (run) => opened.get(run)?.rebalance,
    start: async (run) => opened.get(run)?.start,
    async putTargets(run, given) {
      targets.set(run, given)
    },
    targets: async (run) =>
      [...(targets.get(run) ?? [])].sort((a, b) => b.weight - a.weight || (a.symbol < b.symbol ? -1 : 1)),
    async putTrades(run, given) {
      trades.set(run, given)
    },
    trades: async (run) => inOrder(trades.get(run) ?? []),
    async trade(id) {
      for (const run of [...opened.keys()].reverse()) {
        const trade = trades.get(run)?.find((one) => one.id === id)
        if (trade) return { run, trade }
      }
      return undefined
    },
    async putReport(report) {
      reports.set(report.run, report)
    },
    report: async (run) => reports.get(run),
    latestReport: async (source, through) => lastReports(source, '', through).at(-1),
    reports: async (source, from, through) => lastReports(source, from, through),
  }
}
