import type { Interval } from '../market/bar.ts'
import { checkFreshness, MAX_AGE_MS } from '../market/freshness.ts'
import type { CalendarName, Instrument } from '../market/instrument.ts'
import { type Instant, instant, sessionToMs } from '../market/session.ts'
import { tradingCalendar } from '../market/trading-calendar.ts'
import type { SymbolJudgement } from './judge-window.ts'

/**
 * Whether a run that reaches the present brought bars that are recent: for each calendar whose present it reaches, 90 % of the symbols must
 * have a bar up to the last completed session (daily), or within 30 minutes of an open market (intraday). Answers what is stale, in
 * words; nothing for a run over the past. `to` is the end, exclusive, of what the run asked for.
 */
export function staleReasons(
  instruments: readonly Instrument[],
  judgements: readonly SymbolJudgement[],
  run: { readonly interval: Interval; readonly to: Instant },
  now: Instant,
): string[] {
  const newest = new Map<string, number>()
  for (const { symbol, lastAt } of judgements) {
    if (lastAt !== undefined) newest.set(symbol, Math.max(lastAt, newest.get(symbol) ?? lastAt))
  }
  const byCalendar = new Map<CalendarName, Map<string, Instant | undefined>>()
  for (const { symbol, calendar } of instruments) {
    const seen = newest.get(symbol)
    const group = byCalendar.get(calendar) ?? new Map<string, Instant | undefined>()
    byCalendar.set(calendar, group.set(symbol, seen === undefined ? undefined : instant(seen)))
  }
  return [...byCalendar].flatMap(([name, lastSeen]) => {
    if (!reachesPresent(name, run, now)) return []
    const { interval } = run
    const { fresh, reason, stale } = checkFreshness({
      lastSeen,
      now,
      calendar: tradingCalendar(name),
      mode: 'per_symbol',
      interval,
    })
    return fresh
      ? []
      : [`stale on ${name}: ${stale.slice(0, 5).join(', ')}${stale.length > 5 ? ' and more' : ''} (${reason})`]
  })
}

function reachesPresent(
  name: CalendarName,
  { interval, to }: { readonly interval: Interval; readonly to: Instant },
  now: Instant,
): boolean {
  if (interval !== '1d') return to + MAX_AGE_MS >= now
  return to > sessionToMs(tradingCalendar(name).lastCompleted(now))
}
