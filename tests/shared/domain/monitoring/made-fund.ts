import type { Flow, LedgerEntry, Trade } from '../../../../shared/domain/ledger/entry.ts'
import type { BarSeries, PriceBasis } from '../../../../shared/domain/market/bar.ts'
import { type Session, session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { decimal, ZERO } from '../../../../shared/domain/money/decimal.ts'
import { bookBefore } from '../../../../shared/domain/monitoring/book-before.ts'
import { type MarkInputs, markSessions } from '../../../../shared/domain/monitoring/mark-sessions.ts'
import type { PositionMark, Snapshot } from '../../../../shared/domain/monitoring/snapshot.ts'
import { trade } from '../ledger/made-entries.ts'

/** Daily bars by date, every price the close; null is a bar without one. */
export function closes(
  symbol: string,
  byDate: Readonly<Record<string, number | null>>,
  basis: PriceBasis = 'raw',
): BarSeries {
  const dates = Object.keys(byDate).sort()
  const column = Float64Array.from(dates, (date) => byDate[date] ?? Number.NaN)
  const at = Float64Array.from(dates, (date) => sessionToMs(session(date)))
  return { symbol, basis, at, open: column, high: column, low: column, close: column, volume: column }
}

export function flow(date: string, amount: number): Flow {
  return { kind: 'flow', key: `flow-${date}`, session: session(date), amount: decimal(amount), reason: 'made' }
}

export function order(date: string, side: Trade['side'], quantity: number, price: number, rest: Partial<Trade> = {}) {
  return trade({ side, quantity: decimal(quantity), price: decimal(price), ...rest, session: date })
}

export function marked(given: Partial<MarkInputs> & { readonly entries: readonly LedgerEntry[] }) {
  const from = given.from ?? session('2024-03-04')
  const inputs: MarkInputs = {
    from,
    before: bookBefore(given.entries, from),
    to: session('2024-03-08'),
    bars: new Map(),
    benchmark: [],
    targets: [],
    marksBefore: [],
    sectorOf: () => 'Made',
    ...given,
  }
  return [...markSessions(inputs)]
}

/** A snapshot of a session that brought a return and nothing else. */
export function snapshot(date: Session, part: Partial<Snapshot> = {}): Snapshot {
  const nothing = { flow: ZERO, income: ZERO, realised: ZERO, unrealised: ZERO, fees: ZERO, costs: ZERO, profit: ZERO }
  return {
    session: date,
    value: decimal(1000),
    cash: decimal(50),
    invested: decimal(950),
    ...nothing,
    return: 0,
    benchmarkReturn: 0,
    turnover: 0,
    positions: 2,
    ...part,
  }
}

export function mark(symbol: string, weight: number, part: Partial<PositionMark> = {}): PositionMark {
  return {
    session: session('2024-03-08'),
    symbol,
    sector: 'Made',
    quantity: decimal(1),
    averageCost: decimal(1),
    price: decimal(1),
    priceAge: 0,
    value: Number.isNaN(weight) ? ZERO : decimal(1000 * weight),
    weight,
    targetWeight: undefined,
    unrealised: ZERO,
    ...part,
  }
}
