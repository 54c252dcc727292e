import submitOrders from '../../../functions/execution/submit-orders/handler.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { decimal } from '../../../shared/domain/money/decimal.ts'
import type { ConsideredTrade, TradeVerdict } from '../../../shared/domain/portfolio/considered-trade.ts'
import type { RebalanceStore } from '../../../shared/ports/rebalance-store.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { DAILY, daily } from '../../contracts/made-bars.ts'
import { call, madeProvider, memoryPorts } from '../ingestion/memory-ports.ts'

/** The morning after Friday the 15th. */
const NOW = Date.parse('2024-03-16T07:00:00Z')
export const FRIDAY = '2024-03-15'
export const THURSDAY = '2024-03-14'
export const range = { from: FRIDAY, to: FRIDAY, source: 'made' }

/** What the steps read of a considered trade. */
export const considered = (symbol: string, side: 'buy' | 'sell', shares: number, verdict: TradeVerdict = 'order') =>
  ({ id: `${FRIDAY}-${symbol}-${side}`, symbol, side, quantity: decimal(shares), verdict }) as ConsideredTrade

/** A house with some months of bars of A and B, whose newest report proposes these trades for Friday. */
export async function madePorts(proposed: readonly ConsideredTrade[]): Promise<AllPorts> {
  const rebalances = { trades: async () => [...proposed] } as Partial<RebalanceStore> as RebalanceStore
  const ports = { ...memoryPorts(madeProvider({}).provider, {}, NOW), rebalances }
  const sessions = tradingCalendar('XNYS').sessions(session('2023-11-01'), session(FRIDAY))
  const closes = Object.fromEntries(sessions.map((date, i) => [date, 100 + (i % 2)]))
  await ports.barStore.store(DAILY, [daily('A', closes), daily('B', closes)])
  return ports
}

const report = {
  ...{ session: FRIDAY, asOf: THURSDAY, source: 'made', orders: 1, suppressed: 0 },
  ...{ buys: '0', sells: '0', costs: '0', turnover: 0, html: '' },
}

/** Gives the broker what the report proposes. */
export const submit = (ports: AllPorts) => call(submitOrders, report, ports)
