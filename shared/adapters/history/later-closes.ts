import type { BarSeries } from '../../domain/market/bar.ts'
import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import { DAY_MS, type Instant, type Session, sessionToMs } from '../../domain/market/session.ts'
import type { BarQuery } from '../../ports/bar-store.ts'
import { overlayBars } from './overlay-bars.ts'

export type ReadBars = (query: BarQuery) => Promise<BarSeries[]>

/** Days before an ex-date in which its previous close is looked for at first; a suspended symbol makes it look further. */
const FIRST_LOOK_DAYS = 8

interface Wanted {
  readonly symbol: string
  readonly exMs: number
}

/**
 * The bars of a query together with those after it that hold the closes before later dividends' ex-dates. Nothing between is read, so the
 * answer has gaps after the query's end; whoever adjusts looks at the last row before each ex-date only.
 */
export async function withPreviousCloses(
  read: ReadBars,
  query: BarQuery,
  bars: readonly BarSeries[],
  actions: ReadonlyMap<string, readonly CorporateAction[]>,
  asOf: Session,
): Promise<readonly BarSeries[]> {
  let wanted = laterDividends(actions, query.to, asOf)
  let found: BarSeries[] = []
  for (let days = FIRST_LOOK_DAYS; wanted.length > 0; days *= 4) {
    const start = ({ exMs }: Wanted) => Math.max(query.to, exMs - days * DAY_MS)
    for (const window of merged(wanted, start)) {
      found = overlayBars(found, await read({ ...query, ...window }))
    }
    const closes = timesOf(found)
    // The window that begins at the query's end and is empty says that the query's own last bar is the previous one.
    wanted = wanted.filter((want) => start(want) > query.to && !closes.has(want.symbol, start(want), want.exMs))
  }
  return overlayBars(bars, found)
}

function laterDividends(
  actions: ReadonlyMap<string, readonly CorporateAction[]>,
  to: number,
  asOf: Session,
): readonly Wanted[] {
  return [...actions.values()]
    .flat()
    .filter(({ type, exDate }) => type === 'dividend' && exDate <= asOf)
    .map(({ symbol, exDate }) => ({ symbol, exMs: sessionToMs(exDate) }))
    .filter(({ exMs }) => exMs > to)
}

/** Overlapping windows as one, with all the symbols that want something in it. */
function merged(
  wanted: readonly Wanted[],
  start: (want: Wanted) => number,
): Pick<BarQuery, 'symbols' | 'from' | 'to'>[] {
  const windows: { from: number; to: number; symbols: Set<string> }[] = []
  for (const want of [...wanted].sort((a, b) => start(a) - start(b))) {
    const last = windows.at(-1)
    if (last && start(want) <= last.to) {
      last.to = Math.max(last.to, want.exMs)
      last.symbols.add(want.symbol)
    } else {
      windows.push({ from: start(want), to: want.exMs, symbols: new Set([want.symbol]) })
    }
  }
  return windows.map(({ from, to, symbols }) => ({
    from: from as Instant,
    to: to as Instant,
    symbols: [...symbols].sort(),
  }))
}

function timesOf(series: readonly BarSeries[]) {
  return {
    /** Whether the symbol has a bar in [from, to). */
    has: (symbol: string, from: number, to: number) =>
      series.some((bars) => bars.symbol === symbol && bars.at.some((at) => at >= from && at < to)),
  }
}
