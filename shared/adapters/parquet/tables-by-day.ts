import { type BarSeries, type Interval, takeBars } from '../../domain/market/bar.ts'
import { DAY_MS, isSession, msToSession, type Session } from '../../domain/market/session.ts'
import { PermanentError } from '../../ports/errors.ts'
import { type BarTable, blankTable, copyBars, hasQuotes, inOrder, NUMBER_COLUMNS } from './bar-table.ts'

/**
 * Bars of many series dealt out to their UTC days, ascending, each table in order and made when it is asked for. Of two bars of one symbol
 * and time the later series, and in it the later row, stands. Only validated bars are taken: a missing or infinite price or volume, a time
 * that is none, or a daily bar that does not start at 00:00 UTC throws `PermanentError` before the first day, because a file in the archive
 * is believed.
 */
export function tablesByDay(series: readonly BarSeries[], interval: Interval): Iterable<readonly [Session, BarTable]> {
  for (const bars of series) checkBars(bars, interval)
  const bySymbol = series.map(ascending).sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0))
  return deal(bySymbol)
}

function* deal(series: readonly BarSeries[]): Iterable<readonly [Session, BarTable]> {
  const quoted = series.some(hasQuotes)
  const next = new Uint32Array(series.length) // the first bar of each series that is not dealt yet
  const ends = new Uint32Array(series.length)
  for (let day = firstDay(series, next); day !== undefined; day = firstDay(series, next)) {
    const until = (day + 1) * DAY_MS
    let rows = 0
    for (let one = 0; one < series.length; one++) {
      const { at } = series[one]
      let end = next[one]
      while (end < at.length && at[end] < until) end++
      rows += end - next[one]
      ends[one] = end
    }
    const table = blankTable(rows, quoted)
    let row = 0
    for (let one = 0; one < series.length; one++) {
      copyBars(series[one], next[one], ends[one], table, row)
      row += ends[one] - next[one]
      next[one] = ends[one]
    }
    yield [msToSession(day * DAY_MS), inOrder(table)]
  }
}

function firstDay(series: readonly BarSeries[], next: Uint32Array): number | undefined {
  let first = Number.POSITIVE_INFINITY
  for (let one = 0; one < series.length; one++) {
    const { at } = series[one]
    if (next[one] < at.length && at[next[one]] < first) first = at[next[one]]
  }
  return first === Number.POSITIVE_INFINITY ? undefined : Math.floor(first / DAY_MS)
}

function ascending(bars: BarSeries): BarSeries {
  const { at } = bars
  let sorted = true
  for (let row = 1; row < at.length && sorted; row++) sorted = at[row - 1] <= at[row]
  if (sorted) return bars
  const positions = Array.from({ length: at.length }, (_, row) => row)
  return takeBars(
    bars,
    positions.sort((a, b) => at[a] - at[b] || a - b),
  )
}

function checkBars(bars: BarSeries, interval: Interval): void {
  const { symbol, at } = bars
  let earliest = Number.POSITIVE_INFINITY
  let latest = Number.NEGATIVE_INFINITY
  for (let row = 0; row < at.length; row++) {
    const start = at[row]
    if (!Number.isInteger(start) || (interval === '1d' && start % DAY_MS !== 0)) {
      const expected = interval === '1d' ? 'a date at 00:00 UTC' : 'whole milliseconds'
      throw new PermanentError(`A ${interval} bar of ${symbol} starts at ${start} (expected ${expected})`)
    }
    if (start < earliest) earliest = start
    if (start > latest) latest = start
  }
  for (const start of at.length > 0 ? [earliest, latest] : []) {
    if (Math.abs(start) <= 8.64e15 && isSession(msToSession(start))) continue
    throw new PermanentError(`A bar of ${symbol} starts at ${start}, outside the years 0000 to 9999`)
  }
  for (const name of NUMBER_COLUMNS) {
    const row = bars[name].findIndex((value) => !Number.isFinite(value))
    if (row < 0) continue
    throw new PermanentError(
      `The ${interval} bar of ${symbol} at ${new Date(at[row]).toISOString()} has ${name} ${bars[name][row]}: only validated bars are archived`,
    )
  }
}
