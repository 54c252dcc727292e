import type { BarSeries, Interval } from './bar.ts'
import { GapSearch } from './gap-search.ts'
import { describe, type RowHistory } from './quality-details.ts'
import { ERROR_BITS, type Finding, QUALITY_RULES, ruleBit, rulesOf, severityOf } from './quality-rules.ts'
import { type QualityCounts, qualityVerdict, type Verdict } from './quality-verdict.ts'
import { ReturnWindow, ZSCORE_WINDOW } from './return-window.ts'
import { DAY_MS, type Instant, type Session, sessionToMs } from './session.ts'
import { type TradingCalendar, tradingCalendar } from './trading-calendar.ts'

/** A close further than this from the last good one, as a fraction of it, is quarantined. */
export const JUMP_LIMIT = 0.3
/** A quoted spread above this many basis points of its middle is no market. */
export const SPREAD_LIMIT_BPS = 1000
export const ZSCORE_LIMIT = 3
/** So many sessions in a row with one and the same open, high, low and close look like a feed that stands still. */
export const UNCHANGED_SESSIONS = 5
/** Context rows that make the judgement of a batch the same as that of the whole history. */
export const QUALITY_CONTEXT_ROWS = ZSCORE_WINDOW + 1

const MISSING = ruleBit('missing_value')
const NON_POSITIVE = ruleBit('non_positive_price')
const INCONSISTENT = ruleBit('ohlc_inconsistent')
const SPREAD = ruleBit('spread')
const NEGATIVE_VOLUME = ruleBit('negative_volume')
const DUPLICATE = ruleBit('duplicate')
const JUMP = ruleBit('jump')
const ZSCORE = ruleBit('zscore')
const UNCHANGED = ruleBit('unchanged')
const FUTURE = ruleBit('future')

export interface QualityOptions {
  /** Ex-dates of the symbol's splits and dividends. */
  readonly actions?: Iterable<Session>
  /**
   * Which action excuses a jump: one on the bar's own date (`day`, the default), or also one since the last good close
   * (`since-last-good`), so that a bad or missing bar on a split's ex-date does not condemn all that follow. An
   * ingestion wants the second.
   */
  readonly actionReach?: 'day' | 'since-last-good'
  /**
   * After how many jumping bars in a row, each within 30 % of the one before, the last of them is taken as good: a new
   * level, not a bad tick. Default never, so that a move of 31 % in earnest quarantines all that follow until a person
   * or an action explains it.
   */
  readonly acceptLevelAfter?: number
  /** Without it nothing is a gap and every bar is expected that is there. */
  readonly calendar?: TradingCalendar
  /** Without it nothing is future or stale. */
  readonly now?: Instant
  /** How many leading rows are history, ascending and before the rest: known good, neither judged nor counted. */
  readonly context?: number
  /** Default `1d`. */
  readonly interval?: Interval
  /**
   * The sessions asked for, both inclusive. With a calendar, those before the first bar and after the last are
   * expected too.
   */
  readonly range?: { readonly from: Session; readonly to: Session }
}

export interface BarQuality extends QualityCounts {
  readonly symbol: string
  /** By row of the series: the bits of the rules it offends (`rulesOf`). Context rows have none. */
  readonly reasons: Uint16Array
  /** Rows that passed, for `takeBars`: ascending in time and unique. Rows with warnings are among them. */
  readonly kept: Int32Array
  readonly quarantined: number
  readonly warnings: number
  readonly score: number
  readonly verdict: Verdict
}

/**
 * Judges one symbol's bars as they were fetched, duplicates and disorder included, in order of time. Nothing looks
 * ahead: a bar's judgement does not depend on later ones. A bar can offend several rules.
 *
 * Errors, the bar is quarantined:
 * - `missing_value`: open, high, low, close or volume is not a finite number.
 * - `non_positive_price`: open, high, low or close <= 0.
 * - `ohlc_inconsistent`: high < max(open, close), low > min(open, close) or high < low, among the numbers there are.
 * - `spread`: bid above ask, or ask − bid more than 1000 bps of their middle; only where both are quoted.
 * - `negative_volume`.
 * - `duplicate`: the second and later rows, as they came, of one time. The first stays, good or not.
 * - `jump`: |close − last good close| / last good close strictly above 0.30, without an action that day. The last good
 *   close is that of the last bar that was not quarantined, so a bad tick does not condemn the bar that recovers from
 *   it; without one none is a jump.
 *
 * Warnings, of bars that are kept:
 * - `zscore`: the return since the last good close is more than 3 sample deviations from the mean of the up to 60
 *   returns before it, at least 20. Returns across an action's ex-date are neither judged nor remembered.
 * - `unchanged`: a daily bar that is at least the fifth in a row with the same open, high, low and close.
 * - `future`: a daily bar dated after the UTC date of now, an intraday bar that begins after now.
 *
 * Warnings of the series:
 * - `gap`: a session of the calendar, strictly between two bars (or within `range`), on which there is no bar at all,
 *   one finding a session. Within the calendar's range of years only.
 * - `stale`: the last bar is dated before the last completed session at now, by the calendar given, else by the days of
 *   the year.
 *
 * Expected bars are the distinct times plus, with a calendar, the bars of every session that is a gap; so a bar off the
 * calendar is expected once it is there, and the score cannot exceed 1. An intraday session that is a gap lacks its
 * length / interval bars; bars missing within a session are not looked for.
 */
export function checkBars(series: BarSeries, options: QualityOptions = {}): BarQuality {
  const { at: times, open, high, low, close, volume, bid, ask } = series
  const { calendar, now, interval = '1d', context = 0, actionReach = 'day', acceptLevelAfter = Infinity } = options
  const daily = interval === '1d'
  const rows = times.length
  const order = timeOrder(times, context)
  const actions = Float64Array.from(options.actions ?? [], sessionToMs).sort()
  const tomorrow = now === undefined ? Infinity : Math.floor(now / DAY_MS) * DAY_MS + DAY_MS

  const reasons = new Uint16Array(rows)
  const kept = new Int32Array(rows - context)
  const findings: Finding[] = []
  const returns = new ReturnWindow()
  const gaps = new GapSearch(series.symbol, interval, findings, calendar)
  if (options.range) gaps.startAt(sessionToMs(options.range.from))

  let good = 0
  let distinct = 0
  let lastAt = Number.NaN
  let lastGood = -1
  let sameBars = 0
  let nextAction = 0

  // Jumping bars without another fault that agree with each other.
  let levelBars = 0
  let level = Number.NaN
  const isNewLevel = (price: number, faults: number) => {
    if ((faults & ERROR_BITS) !== 0) return false
    levelBars = Math.abs(price - level) / level > JUMP_LIMIT ? 1 : levelBars + 1
    level = price
    return levelBars >= acceptLevelAfter
  }

  for (let k = 0; k < rows; k++) {
    const row = order ? order[k] : k
    const judged = k >= context
    const at = times[row]
    const o = open[row]
    const h = high[row]
    const l = low[row]
    const c = close[row]
    const v = volume[row]
    while (nextAction < actions.length && actions[nextAction] <= at) nextAction++
    const lastAction = nextAction > 0 ? actions[nextAction - 1] : -Infinity
    const acrossAction = lastGood >= 0 && lastAction > times[lastGood]

    let mask = 0
    // A difference with itself is 0 for finite numbers only.
    if (o - o !== 0 || h - h !== 0 || l - l !== 0 || c - c !== 0 || v - v !== 0) mask |= MISSING
    if (o <= 0 || h <= 0 || l <= 0 || c <= 0) mask |= NON_POSITIVE
    if (h < o || h < c || l > o || l > c || h < l) mask |= INCONSISTENT
    if (v < 0) mask |= NEGATIVE_VOLUME
    if (judged) {
      if (bid && ask && isWide(bid[row], ask[row])) mask |= SPREAD
      if (at === lastAt) {
        mask |= DUPLICATE
      } else {
        distinct++
        gaps.bar(at)
      }
      if (lastGood >= 0 && Math.abs(c - close[lastGood]) / close[lastGood] > JUMP_LIMIT) {
        const excused = lastAction === Math.floor(at / DAY_MS) * DAY_MS || (actionReach !== 'day' && acrossAction)
        if (!excused && !isNewLevel(c, mask)) mask |= JUMP
      }
      lastAt = at
      if (daily ? at >= tomorrow : at > (now ?? Infinity)) mask |= FUTURE
    }

    let zscore: number | undefined
    const returnsBefore = returns.size
    const previousGood = lastGood
    if ((mask & ERROR_BITS) === 0) {
      if (lastGood >= 0) {
        const same = o === open[lastGood] && h === high[lastGood] && l === low[lastGood] && c === close[lastGood]
        sameBars = same ? sameBars + 1 : 1
        if (daily && sameBars >= UNCHANGED_SESSIONS) mask |= UNCHANGED
        if (!acrossAction) {
          const change = c / close[lastGood] - 1
          if (judged) {
            zscore = returns.beyond(change, ZSCORE_LIMIT)
            if (zscore !== undefined) mask |= ZSCORE
          }
          returns.push(change)
        }
      } else {
        sameBars = 1
      }
      lastGood = row
      levelBars = 0
      level = Number.NaN
      if (judged) kept[good++] = row
    }

    if (mask !== 0 && judged) {
      reasons[row] = mask
      const history: RowHistory = { previousGood, zscore, returns: returnsBefore, sameBars, now }
      for (const rule of rulesOf(mask)) {
        const detail = describe(rule, series, row, history)
        findings.push({
          symbol: series.symbol,
          at: at as Instant,
          rule,
          severity: severityOf(rule),
          detail,
          position: row,
        })
      }
    }
  }

  if (options.range) gaps.endAt(sessionToMs(options.range.to))
  const last = order ? order[rows - 1] : rows - 1
  const stale = rows > 0 ? staleFinding(series, last, options) : undefined
  if (stale) findings.push(stale)
  findings.sort((a, b) => a.at - b.at || QUALITY_RULES.indexOf(a.rule) - QUALITY_RULES.indexOf(b.rule))

  const counts: QualityCounts = { expected: distinct + gaps.missingBars, good, findings }
  const warnings = findings.reduce((sum, { severity }) => sum + (severity === 'warning' ? 1 : 0), 0)
  return {
    symbol: series.symbol,
    reasons,
    kept: kept.subarray(0, good),
    quarantined: rows - context - good,
    warnings,
    ...counts,
    ...qualityVerdict([counts]),
  }
}

/** The judged rows in order of time, equal times as they came; undefined when they are in strict order already. */
function timeOrder(times: Float64Array, context: number): Int32Array | undefined {
  let ordered = true
  for (let row = context + 1; row < times.length && ordered; row++) ordered = times[row] > times[row - 1]
  if (ordered) return undefined
  const order = Int32Array.from(times, (_, row) => row)
  order.subarray(context).sort((a, b) => times[a] - times[b] || a - b)
  return order
}

function isWide(bid: number, ask: number): boolean {
  return bid > ask || (ask - bid) * 1e4 > SPREAD_LIMIT_BPS * ((bid + ask) / 2)
}

function staleFinding(series: BarSeries, last: number, options: QualityOptions): Finding | undefined {
  if (options.now === undefined) return undefined
  const completed = (options.calendar ?? tradingCalendar('24/7')).lastCompleted(options.now)
  const at = series.at[last] as Instant
  if (at >= sessionToMs(completed)) return undefined
  const detail = `last bar, but ${completed} is the last completed session`
  return { symbol: series.symbol, at, rule: 'stale', severity: severityOf('stale'), detail, position: last }
}
