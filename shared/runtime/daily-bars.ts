import type { BarSeries } from '../domain/market/bar.ts'
import { ASSET_CLASSES, type Instrument } from '../domain/market/instrument.ts'
import { addDays, type Session, sessionToMs } from '../domain/market/session.ts'
import { tradingCalendar } from '../domain/market/trading-calendar.ts'
import type { BarHistory, BarHistoryQuery } from '../ports/bar-store.ts'

export interface DailyBarsQuery {
  readonly source: string
  readonly instruments: readonly Instrument[]
  /** The last session, inclusive: nothing that came after it is read, neither bars nor splits and dividends. */
  readonly through: Session
  /** How many sessions of each instrument's own calendar, `through` included. */
  readonly sessions: number
  /** `total` for returns, `none` for prices and volumes as traded. */
  readonly adjusted: NonNullable<BarHistoryQuery['adjusted']>
}

/**
 * The daily bars of instruments up to a session, by symbol; those without any are left out. Of a symbol whose source changed the basis of
 * its prices only the series with the newest bar is taken: its earlier one cannot be compared with it.
 */
export async function readDailyBars(history: BarHistory, query: DailyBarsQuery): Promise<Map<string, BarSeries>> {
  const { source, instruments, through, sessions, adjusted } = query
  const newest = new Map<string, BarSeries>()
  for (const asset of ASSET_CLASSES) {
    const some = instruments.filter((instrument) => instrument.asset === asset)
    if (some.length === 0) continue
    const calendar = tradingCalendar(some[0].calendar)
    const first = calendar.sessionAt(Math.max(1, calendar.ordinal(sessionToMs(through)) - sessions + 1))
    const series = await history.read({
      dataset: { source, asset, interval: '1d' },
      symbols: some.map(({ symbol }) => symbol),
      from: sessionToMs(first),
      to: sessionToMs(addDays(through, 1)),
      adjusted,
      asOf: through,
    })
    for (const one of series) {
      const other = newest.get(one.symbol)
      if (!other || lastTime(one) > lastTime(other)) newest.set(one.symbol, one)
    }
  }
  return newest
}

function lastTime({ at }: BarSeries): number {
  return at.length === 0 ? Number.NEGATIVE_INFINITY : at[at.length - 1]
}
