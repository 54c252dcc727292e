import { type BarSeries, PRICE_COLUMNS } from './bar.ts'
import type { CorporateAction } from './corporate-action.ts'
import { type Session, sessionToMs } from './session.ts'

/**
 * Raw bars from a provider whose prices are split-adjusted as of the day they were fetched: rows before a split's
 * ex-date have prices × ratio and volume ÷ ratio, for the splits with ex-date <= asOf. Other actions, other symbols'
 * and ratios that are not a positive number are passed over. Raw bars come back as they are; bars also adjusted for
 * dividends cannot be undone and are a `RangeError`.
 */
export function undoSplits(series: BarSeries, splits: readonly CorporateAction[], asOf: Session): BarSeries {
  if (series.basis === 'raw') return series
  if (series.basis === 'adjusted') {
    throw new RangeError(`Bars of ${series.symbol} are adjusted for dividends, expected split-adjusted ones`)
  }
  const acting = splits
    .filter(({ type, symbol, value }) => type === 'split' && symbol === series.symbol && value > 0 && value < Infinity)
    .filter(({ exDate }) => exDate <= asOf)
    .map(({ exDate, value }) => ({ at: sessionToMs(exDate), ratio: value }))
    .sort((a, b) => a.at - b.at)
  const ratios = new Float64Array(series.at.length)
  let ratio = 1
  let pending = acting.length - 1
  for (let row = ratios.length - 1; row >= 0; row--) {
    while (pending >= 0 && acting[pending].at > series.at[row]) ratio *= acting[pending--].ratio
    ratios[row] = ratio
  }
  const price = (column: Float64Array) => column.map((value, row) => value * ratios[row])
  const [open, high, low, close] = PRICE_COLUMNS.map((name) => price(series[name]))
  // Divided, not multiplied with 1 / ratio: a whole number of shares stays one.
  const volume = series.volume.map((value, row) => value / ratios[row])
  const quotes = series.bid && series.ask ? { bid: price(series.bid), ask: price(series.ask) } : {}
  return { symbol: series.symbol, basis: 'raw', at: series.at, open, high, low, close, volume, ...quotes }
}
