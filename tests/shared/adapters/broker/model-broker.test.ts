import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { modelBroker } from '../../../../shared/adapters/broker/model-broker.ts'
import { barHistory } from '../../../../shared/adapters/history/bar-history.ts'
import { memoryBarStore } from '../../../../shared/adapters/memory/bar-store.ts'
import { memoryCorporateActions } from '../../../../shared/adapters/memory/corporate-actions.ts'
import { memoryObjectCatalogue } from '../../../../shared/adapters/memory/object-catalogue.ts'
import { memoryObjectStore } from '../../../../shared/adapters/memory/object-store.ts'
import { parquetBarArchive } from '../../../../shared/adapters/parquet/bar-archive.ts'
import type { CostModel } from '../../../../shared/domain/costs/cost-model.ts'
import { type BarSeries, type PriceBasis, takeBars } from '../../../../shared/domain/market/bar.ts'
import { type Session, session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { type Decimal, decimal, toText } from '../../../../shared/domain/money/decimal.ts'
import type { Broker, BrokerOrder } from '../../../../shared/ports/broker.ts'
import { fixedClock } from '../../../../shared/ports/clock.ts'
import { DAILY, made } from '../../../contracts/made-bars.ts'

const MONDAY = session('2024-03-04')
const TUESDAY = session('2024-03-05')
const SESSIONS = tradingCalendar('XNYS').sessions(session('2023-11-01'), session('2024-03-08'))
const MODEL: CostModel = { commission: 'ibkr-fixed', spread: 'bucket', impact: 'square-root', y: 1 }
const PLENTY = decimal(10_000_000)

interface World {
  readonly series: readonly BarSeries[]
  readonly splits?: readonly (readonly [symbol: string, date: string, ratio: number])[]
}

async function open({ series, splits = [] }: World): Promise<Broker> {
  const hot = memoryBarStore(fixedClock(0))
  const corporateActions = memoryCorporateActions()
  const catalogue = memoryObjectCatalogue()
  await hot.store(DAILY, series)
  await corporateActions.store(
    splits.map(([symbol, date, value]) => ({ symbol, exDate: session(date), type: 'split', value, source: 'made' })),
  )
  const stores = { hot, cold: parquetBarArchive(memoryObjectStore()), catalogue, actions: corporateActions }
  return modelBroker({ barHistory: barHistory(stores), corporateActions, costs: MODEL })
}

/** Closes that go up and down by one in a hundred around 100, a million shares a day; opens a quarter below. */
function market(
  symbol: string,
  change: (bar: { at: number; close: number }) => number = ({ close }) => close,
  basis: PriceBasis = 'raw',
) {
  const bars = SESSIONS.map((date, i) => ({ at: sessionToMs(date), close: i % 2 === 0 ? 101 : 100, volume: 1_000_000 }))
  return made(
    symbol,
    bars.map((bar) => ({ ...bar, close: change(bar) })),
    basis,
  )
}

function without(series: BarSeries, date: Session): BarSeries {
  return takeBars(
    series,
    [...series.at.keys()].filter((row) => series.at[row] !== sessionToMs(date)),
  )
}

const order = (given: Partial<BrokerOrder> = {}): BrokerOrder => ({
  ...{ id: 'a', symbol: 'A', side: 'buy', quantity: decimal(100), session: MONDAY, source: 'made' },
  ...given,
})
const filled = async (
  broker: Broker,
  orders: readonly BrokerOrder[],
  through: Session = MONDAY,
  power: Decimal = PLENTY,
) => {
  const { fills, expired } = await broker.fills(orders, through, power)
  return {
    fills: fills.map(({ order: id, session: date, quantity, referencePrice, price, fee }) =>
      [id, date, ...[quantity, referencePrice!, price, fee].map(toText)].join(' '),
    ),
    expired,
  }
}

describe('the model broker', () => {
  let broker: Broker
  beforeEach(async () => {
    broker = await open({ series: [market('A'), market('B')] })
  })

  it('fills at the open of the session, with costs as known before it', async () => {
    const { fills, expired } = await filled(broker, [order(), order({ id: 'b', symbol: 'B', side: 'sell' })])
    // Deviation 0.01003 (numpy) × √(100 / 1e6): 1.003 bp; the bucket of 100 million a day is 4 bp, half of it 2: 99.75 × (1 ± 3.0029 bp).
    const open = market('A').open[SESSIONS.indexOf(MONDAY)]
    expect(open).toBe(99.75)
    expect(fills).toEqual([`b 2024-03-04 100 99.75 99.72 1`, `a 2024-03-04 100 99.75 99.78 1`])
    expect(expired).toEqual([])
  })

  it('waits for the session, and for a bar', async () => {
    const late = order({ session: TUESDAY })
    expect(await filled(broker, [late])).toEqual({ fills: [], expired: [] })
    const gap = await open({
      series: [without(market('A'), MONDAY)],
    })
    expect((await filled(gap, [order()])).fills).toEqual([])
    expect((await filled(gap, [order()], TUESDAY)).fills[0]).toContain('a 2024-03-05 100 100.75')
    expect(await filled(broker, [order({ symbol: 'GONE' })], session('2024-03-07'))).toEqual({ fills: [], expired: [] })
    expect(await filled(broker, [order({ symbol: 'GONE' })], session('2024-03-08'))).toEqual({
      fills: [],
      expired: ['a'],
    })
  })

  it('takes an order to the share count of the session it is filled in', async () => {
    const halved = market('A', ({ at, close }) => (at >= sessionToMs(MONDAY) ? close / 2 : close))
    const splits = [['A', '2024-03-04', 2]] as const
    const raw = await open({ series: [halved], splits })
    expect((await filled(raw, [order()])).fills[0]).toMatch(/^a 2024-03-04 200 49.75 /)
    // A split from before the decision, and one of prices that are restated already.
    const before = await open({ series: [market('A')], splits: [['A', '2024-03-01', 2]] })
    expect((await filled(before, [order()])).fills[0]).toMatch(/^a 2024-03-04 100 /)
    const restated = await open({ series: [market('A', undefined, 'split-adjusted')], splits })
    expect((await filled(restated, [order()])).fills[0]).toMatch(/^a 2024-03-04 100 /)
  })

  it('measures the market before in the shares of the session', async () => {
    const split = await open({
      series: [market('A', ({ at, close }) => (at >= sessionToMs(MONDAY) ? close / 2 : close))],
      splits: [['A', '2024-03-04', 2]],
    })
    const { fills } = await filled(split, [order({ quantity: decimal(100) })])
    // 200 of 2 million shares are as many as 100 of one, and the value traded is the same: 3 bp again.
    expect(fills).toEqual(['a 2024-03-04 200 49.75 49.765 1'])
  })

  it('buys for no more than the buying power', async () => {
    expect(await filled(broker, [order()], MONDAY, decimal(1000))).toEqual({
      fills: ['a 2024-03-04 10 99.75 99.78 1'],
      expired: ['a'],
    })
  })

  it('has nothing to do with nothing', async () => {
    expect(await broker.fills([], MONDAY, PLENTY)).toEqual({ fills: [], expired: [] })
    await broker.submit([order()])
  })

  it('does not look at the prices of its session beyond the open, nor at what comes after', async () => {
    const orders = [order({ quantity: decimal(50_000) }), order({ id: 'b', symbol: 'B', side: 'sell' })]
    const known = await filled(broker, orders)
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 1, max: 500, noNaN: true }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        async (price, volume) => {
          const changed = ['A', 'B'].map((symbol) => {
            const series = market(symbol)
            const row = SESSIONS.indexOf(MONDAY)
            for (const name of ['high', 'low', 'close', 'volume'] as const) {
              series[name].fill(name === 'volume' ? volume : price, row)
            }
            series.open.fill(price, row + 1)
            return series
          })
          const other = await open({ series: changed, splits: [['A', '2024-03-05', 3]] })
          expect(await filled(other, orders)).toEqual(known)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('answers the same however often it is asked', async () => {
    const orders = [order(), order({ id: 'b', symbol: 'B' })]
    const first = await filled(broker, orders)
    expect(await filled(broker, [...orders].reverse())).toEqual(first)
    expect(await filled(broker, orders, session('2024-03-08'))).toEqual(first)
  })
})
