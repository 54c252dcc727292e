import type { CostModel } from '../../costs/cost-model.ts'
import type { BarSeries } from '../../market/bar.ts'
import { instrumentOf } from '../../market/instrument.ts'
import type { Session } from '../../market/session.ts'
import { tradingCalendar } from '../../market/trading-calendar.ts'
import { add, sum, ZERO } from '../../money/decimal.ts'
import { holdingValue } from './fund-weights.ts'
import { marketFacts } from './market-facts.ts'
import type { StartingBook } from './starting-book.ts'
import type { NameFacts, StartingPoint } from './starting-point.ts'

export interface StartFacts {
  readonly book: StartingBook
  /** Everything that is held or has a signal. */
  readonly symbols: readonly string[]
  readonly asOf: Session
  readonly traded: ReadonlyMap<string, BarSeries>
  readonly restated: ReadonlyMap<string, BarSeries>
  readonly sectorOf: (symbol: string) => string
  readonly model: CostModel
  /** Shares outstanding, for the cost model that asks for them. */
  readonly sharesOutstanding: ReadonlyMap<string, number>
}

/** One session: the orders are for its open, and nothing spreads them further. */
const HORIZON_DAYS = 1

/** The fund before the rebalance: what it holds, at the last closes, and what is known of each name's market. */
export function startRebalance(facts: StartFacts): StartingPoint {
  const { book, symbols, asOf, traded, restated, sectorOf, model, sharesOutstanding } = facts
  const names = [...symbols].sort().map((symbol): NameFacts => {
    const { asset, calendar } = instrumentOf(symbol)
    const bars = { traded: traded.get(symbol), restated: restated.get(symbol) }
    const known = marketFacts(bars, asOf, tradingCalendar(calendar), model.spread)
    const shares = sharesOutstanding.get(symbol)
    const market =
      model.impact === 'almgren'
        ? { ...known.market, horizonDays: HORIZON_DAYS, ...(shares !== undefined && { sharesOutstanding: shares }) }
        : known.market
    return { symbol, sector: sectorOf(symbol), asset, held: book.held.get(symbol) ?? ZERO, ...known, market }
  })
  const { cash, initialFunding, inflow, income } = book
  return { value: add(cash, sum(names.map(holdingValue))), cash, initialFunding, inflow, income, names }
}
