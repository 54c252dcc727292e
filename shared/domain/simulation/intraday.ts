import { type BarSeries, INTERVAL_MS, type Interval } from '../market/bar.ts'
import { type CalendarName, instrumentOf } from '../market/instrument.ts'
import { rowAtOrAfter } from '../market/row-at-or-after.ts'
import { msToSession } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import { clamp, roundTo } from './candle.ts'
import type { DailyPath } from './daily-path.ts'
import type { SimulatedMarket } from './market.ts'
import { type Random, randomStream } from './random.ts'

const MINUTE_MS = 60_000

/** A session's minutes in columns; a price column of the way has one entry more than there are minutes. */
interface Minutes {
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
}

/**
 * A symbol's bars starting in [`from`, `to`), from the session's open on; the last bar of a session may be shorter. Every interval is an
 * aggregate of the same minutes, and a session's minutes aggregate exactly to its daily bar: first open, highest high, lowest low, last
 * close, summed volume. Undefined for a symbol the market does not list.
 */
export function intradayBars(
  market: SimulatedMarket,
  symbol: string,
  interval: Exclude<Interval, '1d'>,
  from: number,
  to: number,
): BarSeries | undefined {
  const path = market.path(symbol)
  if (!path) return undefined
  const { calendar: name } = instrumentOf(symbol)
  const calendar = tradingCalendar(name)
  const rows: number[][] = [[], [], [], [], [], []]
  const step = INTERVAL_MS[interval] / MINUTE_MS

  // A session's date at 00:00 UTC is never after its open, and the open is on that UTC date.
  for (let row = rowAtOrAfter(path.at, utcDay(from)); row < path.at.length && path.at[row] < to; row++) {
    const session = msToSession(path.at[row])
    const open = calendar.openAt(session)
    const close = calendar.closeAt(session)
    if (close <= from || open >= to) continue
    const minutes = sessionMinutes(market.seed, path, row, (close - open) / MINUTE_MS, name)
    for (let start = 0; start < minutes.open.length; start += step) {
      const at = open + start * MINUTE_MS
      if (at < from || at >= to) continue
      const bar = aggregate(minutes, start, Math.min(start + step, minutes.open.length))
      rows[0].push(at)
      for (let i = 0; i < bar.length; i++) rows[i + 1].push(bar[i])
    }
  }
  const [at, open, high, low, close, volume] = rows.map((column) => Float64Array.from(column))
  return { symbol, basis: 'raw', at, open, high, low, close, volume }
}

function utcDay(time: number): number {
  return Math.floor(time / INTERVAL_MS['1d']) * INTERVAL_MS['1d']
}

function aggregate(minutes: Minutes, start: number, end: number): readonly number[] {
  let high = minutes.high[start]
  let low = minutes.low[start]
  let volume = 0
  for (let minute = start; minute < end; minute++) {
    high = Math.max(high, minutes.high[minute])
    low = Math.min(low, minutes.low[minute])
    volume += minutes.volume[minute]
  }
  return [minutes.open[start], high, low, minutes.close[end - 1], volume]
}

/**
 * The minutes of one session. The log price is a straight line from open to close plus a Brownian bridge, part of it the market's own of
 * that session, so that hours of a stock and of the index move together as their days do. What goes beyond open and close is stretched
 * until it touches the day's high and low.
 */
function sessionMinutes(seed: number, path: DailyPath, row: number, count: number, calendar: CalendarName): Minutes {
  const random = randomStream(seed, 'minutes', path.symbol, path.at[row])
  const clock = busyClock(count, calendar)
  const correlation = path.marketCorrelation[row]
  const market =
    correlation === 0 ? undefined : brownianBridge(randomStream(seed, 'minutes', path.at[row]), clock, count)
  const own = brownianBridge(random, clock, count)

  const dayOpen = path.open[row]
  const dayClose = path.close[row]
  const deviation = path.deviation[row]
  const ownShare = Math.sqrt(1 - correlation * correlation)
  const way = Math.log(dayClose / dayOpen)
  const log = new Float64Array(count + 1)
  for (let i = 0; i <= count; i++) {
    const bridge = (market ? correlation * market[i] : 0) + ownShare * own[i]
    log[i] = way * clock[i] + deviation * bridge
  }
  stretch(log, Math.max(0, way), Math.log(path.high[row] / dayOpen), 1)
  stretch(log, Math.max(0, -way), Math.log(dayOpen / path.low[row]), -1)

  const price = Float64Array.from(log, (value) =>
    clamp(roundTo(dayOpen * Math.exp(value), path.decimals), path.low[row], path.high[row]),
  )
  price[0] = dayOpen
  price[count] = dayClose
  return { ...candles(price, path, row, random), volume: spreadVolume(path.volume[row], clock, random) }
}

/** Stretches what lies above `edge` (below, with sign −1) so that the farthest point comes to lie at `limit`. */
function stretch(log: Float64Array, edge: number, limit: number, sign: 1 | -1): void {
  let farthest = edge
  for (const value of log) farthest = Math.max(farthest, sign * value)
  if (farthest <= edge) return
  const scale = (limit - edge) / (farthest - edge)
  for (let i = 0; i < log.length; i++) {
    const beyond = sign * log[i] - edge
    if (beyond > 0) log[i] = sign * (edge + beyond * scale)
  }
}

function candles(price: Float64Array, path: DailyPath, row: number, random: Random): Omit<Minutes, 'volume'> {
  const count = price.length - 1
  const wick = (0.4 * path.deviation[row]) / Math.sqrt(count)
  const [open, high, low, close] = Array.from({ length: 4 }, () => new Float64Array(count))
  let top = 0
  let bottom = 0
  for (let i = 0; i < count; i++) {
    open[i] = price[i]
    close[i] = price[i + 1]
    const upper = Math.max(open[i], close[i])
    const lower = Math.min(open[i], close[i])
    high[i] = Math.min(roundTo(upper * (1 + wick * random.uniform()), path.decimals), path.high[row])
    low[i] = Math.max(roundTo(lower * (1 - wick * random.uniform()), path.decimals), path.low[row])
    if (high[i] > high[top]) top = i
    if (low[i] < low[bottom]) bottom = i
  }
  // Rounding, or a day whose extremes are its ends, may leave the last tick to the daily extremes open.
  high[top] = path.high[row]
  low[bottom] = path.low[row]
  return { open, high, low, close }
}

/** Whole shares a minute, busy as the clock says, that sum to the day's. */
function spreadVolume(total: number, clock: Float64Array, random: Random): Float64Array {
  const count = clock.length - 1
  const cumulative = new Float64Array(count + 1)
  for (let i = 0; i < count; i++) {
    cumulative[i + 1] = cumulative[i] + (clock[i + 1] - clock[i]) * (0.4 + 1.2 * random.uniform())
  }
  const scale = total / cumulative[count]
  const volume = new Float64Array(count)
  let given = 0
  for (let i = 0; i < count; i++) {
    const through = i === count - 1 ? total : Math.round(cumulative[i + 1] * scale)
    volume[i] = through - given
    given = through
  }
  return volume
}

/** A bridge of variance 1 a session: 0 at the open, 0 at the close, in the busy clock's time. */
function brownianBridge(random: Random, clock: Float64Array, count: number): Float64Array {
  const way = new Float64Array(count + 1)
  for (let i = 0; i < count; i++) way[i + 1] = way[i] + Math.sqrt(clock[i + 1] - clock[i]) * random.normal()
  const end = way[count]
  return way.map((value, i) => value - clock[i] * end)
}

const clocks = new Map<string, Float64Array>()

/** How much of a session's business is done by each minute, 0 to 1: brisk at both ends on an exchange, even around the clock. */
function busyClock(count: number, calendar: CalendarName): Float64Array {
  const key = `${calendar}/${count}`
  const known = clocks.get(key)
  if (known) return known
  const clock = new Float64Array(count + 1)
  for (let i = 0; i < count; i++) {
    const fromNoon = (2 * (i + 0.5)) / count - 1
    clock[i + 1] = clock[i] + (calendar === 'XNYS' ? 1 + 2 * fromNoon ** 4 : 1)
  }
  const made = clock.map((value) => value / clock[count])
  clocks.set(key, made)
  return made
}
