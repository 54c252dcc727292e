import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import { restateDividendsToRaw } from '../../domain/market/restate-dividends.ts'
import type { YahooChart } from './chart-reply.ts'
import { exchangeDate } from './exchange-date.ts'
import { cashWithoutNoise } from './single-precision.ts'

/** The chart's splits, ascending, each once (chunks of one history may repeat them). */
export function splitsOf(charts: readonly YahooChart[], symbol: string, source: string): CorporateAction[] {
  const splits = new Map<string, CorporateAction>()
  for (const chart of charts) {
    for (const { at, ratio } of chart.splits) {
      if (ratio === 1) continue
      const exDate = exchangeDate(at, chart.exchangeZone)
      splits.set(exDate, { symbol, exDate, type: 'split', value: ratio, source })
    }
  }
  return byDate([...splits.values()])
}

/** The chart's dividends as the cash that was paid, ascending: Yahoo restates them for every later split, of which all must be in the chart. */
export function dividendsOf(chart: YahooChart, symbol: string, source: string): CorporateAction[] {
  const quoted = chart.dividends.map(({ at, cash }): CorporateAction => {
    return { symbol, exDate: exchangeDate(at, chart.exchangeZone), type: 'dividend', value: cash, source }
  })
  const restated = restateDividendsToRaw([...quoted, ...splitsOf([chart], symbol, source)])
  return byDate(
    quoted
      .map((action, position) => {
        const paid = restated[position].value
        return { ...action, value: cashWithoutNoise(paid, paid / action.value) }
      })
      .filter((action) => action.value > 0),
  )
}

function byDate(actions: CorporateAction[]): CorporateAction[] {
  return actions.sort((a, b) => (a.exDate < b.exDate ? -1 : a.exDate > b.exDate ? 1 : 0))
}
