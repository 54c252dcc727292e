import { memoryRebalances } from '../../../shared/adapters/memory/rebalance-store.ts'
import type { LedgerEntry } from '../../../shared/domain/ledger/entry.ts'
import type { BarSeries } from '../../../shared/domain/market/bar.ts'
import { session } from '../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../shared/domain/market/trading-calendar.ts'
import { decimal, ZERO } from '../../../shared/domain/money/decimal.ts'
import type { EventDraft } from '../../../shared/events/event.ts'
import type { Notice, Notifier } from '../../../shared/ports/notifier.ts'
import type { AllPorts } from '../../../shared/runtime/ports.ts'
import { closes, flow, order } from '../../shared/domain/monitoring/made-fund.ts'
import { madeProvider, memoryPorts } from '../ingestion/memory-ports.ts'

export const SOURCE = 'simulated'
/** Of two months in which every name rises by a cent a session and the benchmark by a point. */
export const SESSIONS = tradingCalendar('XNYS').sessions(session('2024-02-20'), session('2024-04-16'))
const LAST = session('2024-04-16')

export const EQUITIES = { source: SOURCE, asset: 'equity', interval: '1d' } as const

/** Closes of the first so many sessions, or of all. */
export const rising = (symbol: string, from: number, step: number, bars = SESSIONS.length): BarSeries =>
  closes(
    symbol,
    Object.fromEntries(SESSIONS.slice(0, bars).map((date, i) => [date, Math.round((from + i * step) * 100) / 100])),
  )

/** A fund that was paid 10,000 on 1 March, bought two names on the 4th and sold some of one on the 15th. */
export const ENTRIES: readonly LedgerEntry[] = [
  flow('2024-03-01', 10_000),
  order('2024-03-04', 'buy', 50, 100.2, { symbol: 'AAPL', fee: decimal(1), referencePrice: decimal(100.1) }),
  order('2024-03-04', 'buy', 20, 200, { symbol: 'XOM', fee: decimal(1) }),
  order('2024-03-15', 'sell', 10, 100, { symbol: 'AAPL', fee: decimal(1) }),
]

export interface FundPorts extends AllPorts {
  /** Everything that was told to people. */
  readonly told: readonly Notice[]
}

/** Memory ports with the made fund's bars, book and one order report. */
export async function fundPorts(
  options: {
    readonly now?: string
    readonly entries?: readonly LedgerEntry[]
    readonly mandate?: Readonly<Record<string, unknown>>
    readonly notifiers?: readonly Notifier[]
  } = {},
): Promise<FundPorts> {
  const { now = '2024-04-17T18:00:00Z', entries = ENTRIES, notifiers = [] } = options
  const told: Notice[] = []
  const listener: Notifier = { name: 'made', notify: async (notice) => void told.push(notice) }
  const ports: FundPorts = {
    ...memoryPorts(madeProvider({}).provider, {}, Date.parse(now)),
    rebalances: memoryRebalances(),
    notifiers: [...notifiers, listener],
    told,
  }
  await ports.barStore.store(EQUITIES, [rising('AAPL', 100, 0.01), rising('XOM', 200, 0.01)])
  await ports.barStore.store({ ...EQUITIES, asset: 'index' }, [rising('^GSPC', 5000, 1)])
  if (entries.length > 0) await ports.ledger.record(SOURCE, entries)
  await aimAt(ports, 'portfolio:first', '2024-03-04', { AAPL: 0.5, XOM: 0.4 })
  return ports
}

/** Writes an order report with its targets. */
export async function aimAt(
  { rebalances }: Pick<AllPorts, 'rebalances'>,
  run: string,
  date: string,
  weights: Readonly<Record<string, number>>,
): Promise<void> {
  const targets = Object.entries(weights).map(([symbol, weight]) => {
    return { symbol, sector: 'Made', weight, uncapped: weight, note: '' }
  })
  await rebalances.putTargets(run, targets)
  await rebalances.putReport({
    ...{ run, session: session(date), asOf: LAST, source: SOURCE, signals: 'signals:made' },
    ...{ value: ZERO, cashBefore: ZERO, cashAfter: ZERO, buys: ZERO, sells: ZERO, costs: ZERO },
    ...{ turnover: 0, budgetedTurnover: 0, orders: 0, suppressed: 0 },
    files: { html: '', csv: '', json: '', parquet: '' },
  })
}

/** What a step said, as subject and data. */
export const said = (drafts: readonly EventDraft[]) => drafts.map(({ subject, data }) => [subject, data])
