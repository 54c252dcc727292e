import type { CostModel } from '../../domain/costs/cost-model.ts'
import { COST_SESSIONS, costMarket } from '../../domain/execution/cost-market.ts'
import { type FoundOpen, findOpen } from '../../domain/execution/find-open.ts'
import { modelFills, type OrderAtOpen } from '../../domain/execution/model-fills.ts'
import { groupBy } from '../../domain/group-by.ts'
import { RATIO_SCALE } from '../../domain/ledger/move-position.ts'
import type { BarSeries, PriceBasis } from '../../domain/market/bar.ts'
import { bySymbol } from '../../domain/market/by-symbol.ts'
import type { CorporateAction } from '../../domain/market/corporate-action.ts'
import { instrumentOf } from '../../domain/market/instrument.ts'
import { addDays, type Session, sessionToMs } from '../../domain/market/session.ts'
import { tradingCalendar } from '../../domain/market/trading-calendar.ts'
import { decimal, multiply, roundTo } from '../../domain/money/decimal.ts'
import type { BarHistory } from '../../ports/bar-store.ts'
import type { Broker, BrokerOrder } from '../../ports/broker.ts'
import type { CorporateActions } from '../../ports/ingestion-stores.ts'

export interface ModelBrokerParts {
  readonly barHistory: BarHistory
  readonly corporateActions: CorporateActions
  readonly costs: CostModel
}

interface Found {
  readonly order: BrokerOrder
  readonly open: Exclude<FoundOpen, string>
}

/**
 * Fills orders on paper at the open of their session, as the mandate's cost model has it, from stored bars: prices of the session itself, costs
 * from the sessions before. It keeps nothing, so it answers the same whenever it is asked over the same bars.
 */
export function modelBroker({ barHistory, corporateActions, costs }: ModelBrokerParts): Broker {
  /** Each symbol's bars up to a session, exclusive or inclusive; of several bases the one with the newest bar. */
  const readBars = async (
    orders: readonly BrokerOrder[],
    from: Session,
    before: Session,
    adjusted: 'none' | 'split',
    asOf: Session,
  ) => {
    const newest = new Map<string, BarSeries>()
    for (const some of groupBy(orders, ({ symbol, source }) => `${source}/${instrumentOf(symbol).asset}`).values()) {
      const [{ source, symbol }] = some
      const series = await barHistory.read({
        dataset: { source, asset: instrumentOf(symbol).asset, interval: '1d' },
        symbols: [...new Set(some.map((order) => order.symbol))],
        from: sessionToMs(from),
        to: sessionToMs(before),
        adjusted,
        asOf,
      })
      for (const one of series) {
        const other = newest.get(one.symbol)
        if (one.at.length > 0 && (!other || (one.at.at(-1) ?? 0) > (other.at.at(-1) ?? 0))) newest.set(one.symbol, one)
      }
    }
    return newest
  }

  /** The orders of one session with what was known before it, quantities on its share count. */
  const prepare = async (found: readonly Found[], session: Session, basisOf: (symbol: string) => PriceBasis) => {
    const orders = found.map(({ order }) => order)
    const calendar = tradingCalendar('XNYS')
    const first = calendar.sessionAt(Math.max(1, calendar.ordinal(sessionToMs(session)) - COST_SESSIONS - 1))
    const before = await readBars(orders, first, session, 'split', session)
    const symbols = [...new Set(orders.map(({ symbol }) => symbol))]
    const splits = bySymbol(await corporateActions.read(symbols, orders[0].source, session))
    return found.map(({ order, open }): OrderAtOpen => {
      const bars = before.get(order.symbol)
      const acting = basisOf(order.symbol) === 'raw' ? (splits.get(order.symbol) ?? []) : []
      return { order: onShareCount(order, acting, session), open, market: bars ? costMarket(bars, costs.spread) : {} }
    })
  }

  return {
    name: 'model',
    async submit() {},

    async fills(orders, through, buyingPower) {
      if (orders.length === 0) return { fills: [], expired: [] }
      const [first] = orders.map(({ session }) => session).sort()
      const bars = await readBars(orders, first, addDays(through, 1), 'none', through)
      const found: Found[] = []
      const expired: string[] = []
      for (const order of orders) {
        const open = findOpen(order, bars.get(order.symbol), through)
        if (open === 'expired') expired.push(order.id)
        else if (open !== 'waits') found.push({ order, open })
      }
      const prepared: OrderAtOpen[] = []
      for (const [session, some] of groupBy(found, ({ open }) => open.session)) {
        prepared.push(...(await prepare(some, session as Session, (symbol) => bars.get(symbol)?.basis ?? 'raw')))
      }
      const filled = modelFills(prepared, buyingPower, costs)
      return { fills: filled.fills, expired: [...expired, ...filled.expired].sort() }
    },
  }
}

/** The order after the splits since it was decided, on the close before its session, up to and with the session it is filled in. */
function onShareCount(order: BrokerOrder, actions: readonly CorporateAction[], session: Session): BrokerOrder {
  const decided = tradingCalendar('XNYS').previous(order.session)
  const quantity = actions
    .filter(({ type, exDate, value }) => type === 'split' && exDate > decided && exDate <= session && value > 0)
    .reduce((shares, { value }) => roundTo(multiply(shares, decimal(value)), RATIO_SCALE), order.quantity)
  return { ...order, quantity }
}
