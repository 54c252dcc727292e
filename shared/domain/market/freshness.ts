import { INTERVAL_MS, type Interval } from './bar.ts'
import { type Instant, msToSession } from './session.ts'
import type { TradingCalendar } from './trading-calendar.ts'

/** Data may be this old while the market is open. */
export const MAX_AGE_MS = 30 * 60_000
/** The part of the symbols that must be fresh in the mode `per_symbol`. */
export const FRESH_FRACTION = 0.9

/**
 * Which observation speaks for all: the newest, the oldest, the median one (with an even number the older of the middle
 * two), or each for itself, when 90 % of the symbols must be fresh.
 */
export type FreshnessMode = 'latest' | 'oldest' | 'median' | 'per_symbol'

export interface FreshnessCheck {
  /** The time of each expected symbol's last observation; undefined where there is none, which is stale. */
  readonly lastSeen: ReadonlyMap<string, Instant | undefined>
  readonly now: Instant
  readonly calendar: TradingCalendar
  readonly mode: FreshnessMode
  /** Bars carry the time they begin; without an interval the observations are quotes or trades at their own time. */
  readonly interval?: Interval
  /** Default 30 minutes. */
  readonly maxAgeMs?: number
}

export interface Freshness {
  readonly fresh: boolean
  /** What was found, for a log or a refusal. */
  readonly reason: string
  /** Symbols not fresh, in order. */
  readonly stale: readonly string[]
}

/**
 * Whether data is recent enough to act on. While the market is open it must reach to within 30 minutes of now, with
 * bars longer than that to the end of the last one complete 30 minutes ago. In the first minutes of a session, and
 * while the market is closed, it must reach to the last expected bar: the last completed session's daily bar or last
 * intraday bar, for quotes to 30 minutes of open market before now. A bar reaches to its end, a daily one to its
 * session's close. An observation from the future is not fresh.
 * @throws RangeError when there is no symbol, a time is not a finite number, or the calendar does not cover now.
 */
export function measureFreshness(check: FreshnessCheck): Freshness {
  const { lastSeen, now, mode } = check
  if (lastSeen.size === 0) throw new RangeError('Freshness of no symbols was asked for, expected at least one')
  if (!Number.isFinite(now)) throw new RangeError(`Now ${now} is not a time`)
  for (const [symbol, at] of lastSeen) {
    if (at !== undefined && !Number.isFinite(at))
      throw new RangeError(`Last observation ${at} of ${symbol} is not a time`)
  }

  const since = requiredThrough(check)
  const isFresh = (at: Instant | undefined) => at !== undefined && at <= now && reachOf(at, check) >= since
  const stale = [...lastSeen].filter(([, at]) => !isFresh(at)).map(([symbol]) => symbol)
  const fresh = speaksFresh(check, isFresh, lastSeen.size - stale.length)
  const counted = `${lastSeen.size - stale.length} of ${lastSeen.size} symbols reach ${new Date(since).toISOString()}`
  return { fresh, reason: `${mode}: ${fresh ? 'fresh' : 'stale'}, ${counted}`, stale }
}

/** As `measureFreshness`, where any doubt is stale: what it would throw becomes the reason. */
export function checkFreshness(check: FreshnessCheck): Freshness {
  try {
    return measureFreshness(check)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { fresh: false, reason: `${check.mode}: stale, ${message}`, stale: [...check.lastSeen.keys()] }
  }
}

function speaksFresh(
  { mode, lastSeen }: FreshnessCheck,
  isFresh: (at: Instant | undefined) => boolean,
  freshSymbols: number,
): boolean {
  if (mode === 'per_symbol') return freshSymbols / lastSeen.size >= FRESH_FRACTION
  // A symbol never seen counts as the oldest of all.
  const times = Float64Array.from(lastSeen.values(), (at) => at ?? -Infinity).sort()
  const speaker = { oldest: 0, median: Math.floor((times.length - 1) / 2), latest: times.length - 1 }[mode]
  return Number.isFinite(times[speaker]) && isFresh(times[speaker] as Instant)
}

/** Until when an observation tells of the market. */
function reachOf(at: Instant, { interval, calendar }: FreshnessCheck): number {
  if (!interval) return at
  if (interval !== '1d') return at + INTERVAL_MS[interval]
  return calendar.closeAt(calendar.onOrBefore(msToSession(at)))
}

/** Until when the data must reach to be fresh. */
function requiredThrough({ now, calendar, interval, maxAgeMs = MAX_AGE_MS }: FreshnessCheck): number {
  const lastClose = calendar.closeAt(calendar.lastCompleted(now))
  if (interval === '1d') return lastClose
  if (!calendar.isOpen(now)) return interval ? lastClose : lastClose - maxAgeMs
  const open = calendar.openAt(msToSession(now))
  const required = now - maxAgeMs
  if (required > open) {
    const length = interval ? INTERVAL_MS[interval] : 0
    return length > maxAgeMs ? required - ((required - open) % length) : required
  }
  // Nothing trades between a close and the next open: the age is counted on before the last close.
  return interval ? Math.min(required, lastClose) : lastClose - (open - required)
}
