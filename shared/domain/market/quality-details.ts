import type { BarSeries } from './bar.ts'
import type { QualityRule } from './quality-rules.ts'
import { type Instant, msToSession } from './session.ts'

/** What a row was judged against. */
export interface RowHistory {
  /** The row of the last good close before it, -1 for none. */
  readonly previousGood: number
  readonly zscore: number | undefined
  /** How many returns the z-score was taken over. */
  readonly returns: number
  /** How many bars in a row, this one included, have the same prices. */
  readonly sameBars: number
  readonly now: Instant | undefined
}

const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const

/** Says in a few words what was found and, where it helps, what it was held against. */
export function describe(rule: QualityRule, series: BarSeries, row: number, history: RowHistory): string {
  const value = (name: (typeof COLUMNS)[number]) => series[name][row]
  const named = (names: readonly (typeof COLUMNS)[number][]) => names.map((name) => `${name} ${value(name)}`).join(', ')
  switch (rule) {
    case 'missing_value':
      return `no ${COLUMNS.filter((name) => !Number.isFinite(value(name))).join(', ')}`
    case 'non_positive_price':
      return named(COLUMNS.slice(0, 4).filter((name) => value(name) <= 0))
    case 'ohlc_inconsistent':
      return named(COLUMNS.slice(0, 4).filter((name) => Number.isFinite(value(name))))
    case 'spread':
      return `bid ${series.bid?.[row]}, ask ${series.ask?.[row]}`
    case 'negative_volume':
      return `volume ${value('volume')}`
    case 'duplicate':
      return 'a row of this time came before'
    case 'jump': {
      const last = series.close[history.previousGood]
      const change = Math.abs(value('close') - last) / last
      const since = msToSession(series.at[history.previousGood])
      const apart = `${(100 * change).toFixed(1)} % apart`
      return `close ${value('close')}, last good close ${last} of ${since}: ${apart}, no action`
    }
    case 'zscore': {
      const change = value('close') / series.close[history.previousGood] - 1
      const deviations = Math.abs(history.zscore ?? 0)
      const far = deviations > 1000 ? 'more than 1000' : deviations.toFixed(2)
      return `return ${(100 * change).toFixed(2)} %, ${far} deviations from the mean of the ${history.returns} before`
    }
    case 'unchanged':
      return `open, high, low and close the same for ${history.sameBars} sessions`
    case 'future':
      return history.now === undefined ? '' : `now is ${new Date(history.now).toISOString()}`
    default:
      return ''
  }
}
