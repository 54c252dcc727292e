import { type BarSeries, concatBars, INTERVAL_MS, type Interval, takeBars } from '../market/bar.ts'
import type { Instrument } from '../market/instrument.ts'
import { type BarQuality, checkBars } from '../market/quality.ts'
import { rulesOf } from '../market/quality-rules.ts'
import type { Verdict } from '../market/quality-verdict.ts'
import { type Instant, msToSession, type Session } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'

/** One symbol's part of a window, as it was fetched: history first, then the bars to judge. */
export interface WindowSeries {
  readonly instrument: Instrument
  readonly series: BarSeries
}

/** How the bars of one symbol came through the checks. */
export interface SymbolQuality {
  readonly symbol: string
  readonly verdict: Verdict
  /** Bars that the calendar asks for. */
  readonly expected: number
  readonly good: number
  readonly quarantined: number
  readonly warnings: number
  readonly reason?: string
}

/** How one symbol did in one window. */
export interface SymbolJudgement extends SymbolQuality {
  /** Nothing came at all: not listed yet, or not delivered. */
  readonly absent: boolean
  /** When its newest good bar begins, UTC ms. */
  readonly lastAt?: number
}

export interface JudgedSeries {
  readonly judgement: SymbolJudgement
  /** The good bars; none when the symbol failed and is left out. */
  readonly kept: BarSeries | undefined
  readonly quarantined: readonly RejectedBar[]
}

export interface RejectedBar {
  readonly series: BarSeries
  readonly row: number
  /** Counts rows of the same time, as they came. */
  readonly ordinal: number
  readonly reasons: readonly string[]
  readonly detail: string
}

export interface WindowBounds {
  readonly interval: Interval
  /** First instant to judge; earlier rows are history. */
  readonly from: Instant
  readonly to: Instant // exclusive
  /** Whether the window holds whole sessions, so that a missing bar is missed; a poll's few minutes do not. */
  readonly wholeDays: boolean
}

/**
 * A price that has moved by more than the jump limit and stays there is news, not a bad tick: the bars up to the third at the new level are
 * quarantined, later ones are not. Without this a real fall of a third would lock its symbol out until it recovers.
 */
const LEVEL_CONFIRMED_AFTER = 3

/**
 * Judges a symbol's bars of a window. Rows before the window are history: only their good ones serve as such. A symbol whose score is
 * below 0.90 fails and is left out whole; the bad bars of the others go to quarantine.
 */
export function judgeWindowSeries(
  { instrument, series }: WindowSeries,
  exDates: readonly Session[],
  bounds: WindowBounds,
): JudgedSeries {
  const { history, window } = splitAt(series, bounds)
  if (window.at.length === 0) {
    const judgement = judgeAbsent(instrument, bounds, 'no bars came')
    return { judgement, kept: undefined, quarantined: [] }
  }
  const actions = {
    actions: exDates,
    actionReach: 'since-last-good',
    acceptLevelAfter: LEVEL_CONFIRMED_AFTER,
    interval: bounds.interval,
  } as const
  const known = takeBars(history, checkBars(history, actions).kept)
  const joined = concatBars([known, window])
  const quality = checkBars(joined, {
    ...actions,
    context: known.at.length,
    ...expectation(instrument, history, window, bounds),
  })
  const judgement = judge(instrument, quality, joined)
  const failed = judgement.verdict === 'FAIL'
  return {
    judgement,
    kept: failed || quality.kept.length === 0 ? undefined : takeBars(joined, quality.kept),
    quarantined: rejectedBars(joined, quality),
  }
}

/** The judgement of a symbol of which nothing came. */
export function judgeAbsent(instrument: Instrument, bounds: WindowBounds, reason: string): SymbolJudgement {
  const expected = bounds.wholeDays ? expectedBars(instrument, bounds) : 0
  return {
    symbol: instrument.symbol,
    verdict: 'FAIL',
    expected,
    good: 0,
    quarantined: 0,
    warnings: 0,
    absent: true,
    reason,
  }
}

/**
 * Which sessions must have a bar: from the window's start where the symbol traded before it, from its first bar otherwise (it may not have
 * been listed), to the window's end.
 */
function expectation(instrument: Instrument, history: BarSeries, window: BarSeries, bounds: WindowBounds) {
  if (!bounds.wholeDays) return {}
  const start = history.at.length > 0 ? bounds.from : window.at[0]
  return {
    calendar: tradingCalendar(instrument.calendar),
    range: { from: msToSession(start), to: msToSession(bounds.to - 1) },
  }
}

function judge(instrument: Instrument, quality: BarQuality, joined: BarSeries): SymbolJudgement {
  const { expected, good, quarantined, warnings, verdict, kept } = quality
  const lastAt = kept.length > 0 ? { lastAt: joined.at[kept[kept.length - 1]] } : {}
  const counts = { symbol: instrument.symbol, verdict, expected, good, quarantined, warnings, absent: false, ...lastAt }
  return verdict === 'PASS' ? counts : { ...counts, reason: worstFinding(quality) }
}

function worstFinding({ findings, score }: BarQuality): string {
  const worst = findings.find(({ severity }) => severity === 'error') ?? findings.find(({ rule }) => rule !== 'zscore')
  const found = worst ? `; ${worst.rule} ${msToSession(worst.at)}: ${worst.detail}` : ''
  return `score ${score.toFixed(3)}${found}`
}

/** Bars that an instrument should have in a window of whole days. */
function expectedBars({ calendar: name }: Instrument, { from, to, interval }: WindowBounds): number {
  const calendar = tradingCalendar(name)
  const sessions = calendar.sessions(msToSession(from), msToSession(to - 1))
  if (interval === '1d') return sessions.length
  const length = (session: Session) => calendar.closeAt(session) - calendar.openAt(session)
  return sessions.reduce((bars, session) => bars + Math.ceil(length(session) / INTERVAL_MS[interval]), 0)
}

/** By time, in the order they came: a fetched series may be in disorder. */
function splitAt(series: BarSeries, { from, to }: WindowBounds): { history: BarSeries; window: BarSeries } {
  const before: number[] = []
  const within: number[] = []
  for (const [row, at] of series.at.entries()) {
    if (at < from) before.push(row)
    else if (!(at >= to)) within.push(row)
  }
  return { history: takeBars(series, before), window: takeBars(series, within) }
}

function rejectedBars(series: BarSeries, quality: BarQuality): RejectedBar[] {
  if (quality.quarantined === 0) return []
  const kept = new Set(quality.kept)
  const first = series.at.length - quality.good - quality.quarantined
  const details = new Map<number, string>()
  for (const { position, severity, rule, detail } of quality.findings) {
    if (position === undefined || severity !== 'error') continue
    const text = `${rule}: ${detail}`
    details.set(position, details.has(position) ? `${details.get(position)}; ${text}` : text)
  }
  const seen = new Map<number, number>()
  const rejected: RejectedBar[] = []
  for (let row = first; row < series.at.length; row++) {
    const ordinal = seen.get(series.at[row]) ?? 0
    seen.set(series.at[row], ordinal + 1)
    if (kept.has(row)) continue
    const reasons = rulesOf(quality.reasons[row])
    rejected.push({ series, row, ordinal, reasons, detail: details.get(row) ?? reasons.join(', ') })
  }
  return rejected
}
