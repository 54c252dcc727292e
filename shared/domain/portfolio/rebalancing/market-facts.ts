import type { SpreadModel } from '../../costs/cost-model.ts'
import type { CostMarket } from '../../costs/estimate-costs.ts'
import { COST_SESSIONS, costMarket } from '../../execution/cost-market.ts'
import { type BarSeries, sliceBars } from '../../market/bar.ts'
import { rowAtOrAfter } from '../../market/row-at-or-after.ts'
import { DAY_MS, type Session, sessionToMs } from '../../market/session.ts'
import type { TradingCalendar } from '../../market/trading-calendar.ts'
import { type Decimal, decimal } from '../../money/decimal.ts'
import { observed } from '../../statistics/observed.ts'
import { median } from '../../statistics/quantile.ts'

/** A symbol's daily bars up to a session: as traded for prices and value, restated for splits and dividends for volume and returns. */
export interface NameBars {
  readonly traded: BarSeries | undefined
  readonly restated: BarSeries | undefined
}

export interface MarketFacts {
  readonly price: Decimal | undefined
  readonly priceAge: number
  readonly market: CostMarket
}

/**
 * Price, liquidity and volatility of a name as of a session's close, the same that a fill by the model broker is reckoned with. Bars after
 * it are not looked at, whoever passes them in. NaN for what the bars do not tell.
 */
export function marketFacts(
  bars: NameBars,
  asOf: Session,
  calendar: TradingCalendar,
  spread: SpreadModel,
): MarketFacts {
  const traded = bars.traded && upTo(bars.traded, asOf)
  const restated = bars.restated && upTo(bars.restated, asOf)
  const row = traded ? traded.close.findLastIndex((price) => price > 0) : -1
  const value = traded && observed(traded.close.map((close, i) => close * traded.volume[i]).subarray(-COST_SESSIONS))
  const known = traded && row >= 0
  return {
    price: known ? decimal(traded.close[row]) : undefined,
    priceAge: known ? calendar.ordinal(sessionToMs(asOf)) - calendar.ordinal(traded.at[row]) : Number.NaN,
    market: {
      ...(restated && costMarket(restated, spread)),
      medianDollarVolume: value ? median(value) : Number.NaN,
    },
  }
}

function upTo(series: BarSeries, asOf: Session): BarSeries {
  return sliceBars(series, 0, rowAtOrAfter(series.at, sessionToMs(asOf) + DAY_MS))
}
