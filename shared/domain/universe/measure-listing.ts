import type { BarSeries } from '../market/bar.ts'
import { rowAtOrAfter } from '../market/row-at-or-after.ts'
import { DAY_MS, type Session, sessionToMs } from '../market/session.ts'
import type { TradingCalendar } from '../market/trading-calendar.ts'
import { observed } from '../statistics/observed.ts'
import { median } from '../statistics/quantile.ts'
import type { Measures } from './member.ts'

export interface MeasureWindow {
  /** The session after whose close to look: no later bar counts. */
  readonly asOf: Session
  /** Sessions looked at, the last being `asOf`. Bars before them do not count either. */
  readonly lookback: number
  /** Sessions of the median dollar volume, out of those. */
  readonly dollarVolumeSessions: number
}

/**
 * What the filters ask of one symbol's ascending daily bars, prices as traded. Only bars on sessions of the calendar count. Quality is
 * good bars over the sessions since the first bar in the window, so a missing bar and a stale end lower it and a late listing does not;
 * a bar is good when its four prices are positive and high and low enclose open and close. Without a bar everything but the history
 * of 0 sessions is NaN.
 */
export function measureListing(series: BarSeries, calendar: TradingCalendar, window: MeasureWindow): Measures {
  const { asOf, lookback, dollarVolumeSessions } = window
  const today = calendar.ordinal(sessionToMs(asOf))
  const end = rowAtOrAfter(series.at, sessionToMs(asOf) + DAY_MS)
  let first = Number.NaN
  let last = Number.NaN
  let price = Number.NaN
  let bars = 0
  let good = 0
  const dollarVolumes: number[] = []
  for (let row = 0; row < end; row++) {
    const ordinal = calendar.ordinal(series.at[row])
    const onSession = ordinal > calendar.ordinal(series.at[row] - DAY_MS)
    if (!onSession || ordinal <= today - lookback) continue
    if (bars === 0) first = ordinal
    bars++
    if (isSane(series, row)) good++
    if (ordinal > today - dollarVolumeSessions) dollarVolumes.push(series.close[row] * series.volume[row])
    last = ordinal
    price = series.close[row]
  }
  return {
    historySessions: bars,
    medianDollarVolume: median(observed(dollarVolumes)),
    price,
    quality: good / (today - first + 1),
    ageSessions: today - last,
  }
}

/** What is known of a symbol without bars. */
export const NOTHING_MEASURED: Measures = {
  historySessions: 0,
  medianDollarVolume: Number.NaN,
  price: Number.NaN,
  quality: Number.NaN,
  ageSessions: Number.NaN,
}

function isSane({ open, high, low, close }: BarSeries, row: number): boolean {
  const [o, h, l, c] = [open[row], high[row], low[row], close[row]]
  return l > 0 && l <= Math.min(o, c) && h >= Math.max(o, c) && h < Number.POSITIVE_INFINITY
}
