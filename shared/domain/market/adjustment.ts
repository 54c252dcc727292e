import { type BarSeries, PRICE_COLUMNS, type PriceBasis } from './bar.ts'
import type { CorporateAction } from './corporate-action.ts'
import { laterSplitRatios } from './restate-dividends.ts'
import { type Session, sessionToMs } from './session.ts'

export interface AdjustmentOptions {
  /** Actions with ex-date <= asOf act. Default: the series' last row, so nothing that came after it is known. */
  readonly asOf?: Session
  /** `split`: for splits alone. `total`: for splits and cash dividends. */
  readonly kind: 'split' | 'total'
}

export interface SkippedAction {
  readonly action: CorporateAction
  readonly reason: string
}

/** What each row is multiplied with: adjusted = raw × factor. The four prices share a factor, volume has its own. */
export interface AdjustmentFactors {
  readonly priceFactor: Float64Array
  readonly volumeFactor: Float64Array
  /** Actions that should have acted on a row but could not, in order of ex-date. */
  readonly skipped: readonly SkippedAction[]
}

/**
 * Back-adjustment factors of one symbol's ascending daily bars, newest to oldest in one pass. An action acts on every
 * row dated before its ex-date: a split multiplies prices by 1 / ratio and volume by ratio, a dividend multiplies
 * prices by 1 − D / C, where C is the close of the last row before the ex-date and D the day's cash (several dividends
 * of one day are summed; with a split on the same day the cash is per new share, so D × ratio). From the last ex-date
 * on both factors are 1.
 *
 * Skipped with a reason, and without effect: a split whose ratio or a dividend whose cash is not a positive number
 * (cash of 0 is no dividend), a dividend whose previous close is missing or not positive, a dividend not below it.
 * Actions of other symbols, and those with no row before the ex-date, have nothing to act on. Intraday bars are taken
 * by their UTC date.
 *
 * The basis decides what is left to do: `adjusted` bars keep factors of 1. `split-adjusted` bars take dividends only,
 * their cash restated by every split given (also after `asOf`: the prices carry those too). Bars must ascend.
 * @see CRSP and Yahoo convention; zipline `data/adjustments.py`, ratio = 1 − D / close of the day before.
 */
export function adjustmentFactors(
  series: BarSeries,
  actions: readonly CorporateAction[],
  options: AdjustmentOptions,
): AdjustmentFactors {
  const rows = series.at.length
  const priceFactor = new Float64Array(rows).fill(1)
  const volumeFactor = new Float64Array(rows).fill(1)
  const skipped: SkippedAction[] = []
  const days = rows === 0 || series.basis === 'adjusted' ? [] : actionDays(series, actions, options)

  let price = 1
  let volume = 1
  let pending = days.length - 1
  for (let row = rows - 1; row >= 0; row--) {
    while (pending >= 0 && days[pending].at > series.at[row]) {
      const day = effectOf(days[pending], series.close[row], options.kind)
      price *= day.price
      volume *= day.volume
      skipped.unshift(...day.skipped)
      pending--
    }
    priceFactor[row] = price
    volumeFactor[row] = volume
  }
  return { priceFactor, volumeFactor, skipped }
}

/** The bars multiplied with their factors, quotes included; volume is not rounded and missing numbers stay missing. */
export function applyFactors(series: BarSeries, factors: AdjustmentFactors, basis: PriceBasis): BarSeries {
  const scale = (column: Float64Array, factor: Float64Array) => column.map((value, row) => value * factor[row])
  const price = (column: Float64Array) => scale(column, factors.priceFactor)
  const [open, high, low, close] = PRICE_COLUMNS.map((name) => price(series[name]))
  const volume = scale(series.volume, factors.volumeFactor)
  const quotes = series.bid && series.ask ? { bid: price(series.bid), ask: price(series.ask) } : {}
  return { symbol: series.symbol, basis, at: series.at, open, high, low, close, volume, ...quotes }
}

/**
 * The bars restated by `adjustmentFactors`, on the basis that results: `adjusted` for `total`, else `split-adjusted`. A
 * series that is `adjusted` already, or `split-adjusted` and asked for `split`, comes back itself.
 */
export function adjustBars(
  series: BarSeries,
  actions: readonly CorporateAction[],
  options: AdjustmentOptions,
): BarSeries {
  if (series.basis === 'adjusted' || (series.basis === 'split-adjusted' && options.kind === 'split')) return series
  const basis = options.kind === 'total' ? 'adjusted' : 'split-adjusted'
  return applyFactors(series, adjustmentFactors(series, actions, options), basis)
}

/** All that happens to a symbol on one ex-date. */
interface ActionDay {
  readonly at: number
  readonly splits: CorporateAction[]
  readonly dividends: { readonly action: CorporateAction; readonly cash: number }[]
}

function actionDays(series: BarSeries, actions: readonly CorporateAction[], options: AdjustmentOptions): ActionDay[] {
  const through = options.asOf ? sessionToMs(options.asOf) : series.at[series.at.length - 1]
  const own = actions.filter((action) => action.symbol === series.symbol)
  const onSplitBasis = series.basis === 'split-adjusted'
  const laterRatio = onSplitBasis ? laterSplitRatios(own) : undefined
  const days = new Map<number, ActionDay>()
  for (const action of own) {
    const at = sessionToMs(action.exDate)
    if (at > through || (action.type === 'split' && onSplitBasis)) continue
    const day = days.get(at) ?? { at, splits: [], dividends: [] }
    days.set(at, day)
    if (action.type === 'split') day.splits.push(action)
    else day.dividends.push({ action, cash: action.value / (laterRatio?.(action) ?? 1) })
  }
  return [...days.values()].sort((a, b) => a.at - b.at)
}

function effectOf(day: ActionDay, previousClose: number, kind: AdjustmentOptions['kind']) {
  const skipped: SkippedAction[] = []
  let ratio = 1
  for (const split of day.splits) {
    if (split.value > 0 && Number.isFinite(split.value)) ratio *= split.value
    else skipped.push({ action: split, reason: notPositive('ratio', split.value) })
  }
  if (kind === 'split') return { price: 1 / ratio, volume: ratio, skipped }

  let cash = 0
  const counted: CorporateAction[] = []
  for (const dividend of day.dividends) {
    if (dividend.cash === 0) continue
    if (!(dividend.cash > 0 && Number.isFinite(dividend.cash))) {
      skipped.push({ action: dividend.action, reason: notPositive('cash', dividend.action.value) })
    } else {
      cash += dividend.cash * ratio
      counted.push(dividend.action)
    }
  }
  const factor = previousClose > 0 ? 1 - cash / previousClose : Number.NaN
  if (counted.length === 0) return { price: 1 / ratio, volume: ratio, skipped }
  if (factor > 0) return { price: factor / ratio, volume: ratio, skipped }
  const reason = Number.isNaN(factor)
    ? 'the row before its ex-date has no close'
    : `its cash is not below the previous close ${previousClose}`
  return { price: 1 / ratio, volume: ratio, skipped: [...skipped, ...counted.map((action) => ({ action, reason }))] }
}

function notPositive(what: string, value: number): string {
  return Number.isNaN(value) ? `it has no ${what}` : `its ${what} ${value} is not a positive number`
}
