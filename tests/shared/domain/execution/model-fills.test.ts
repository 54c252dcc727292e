import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CostModel } from '../../../../shared/domain/costs/cost-model.ts'
import { executeAtOpen, onTick } from '../../../../shared/domain/execution/execute-at-open.ts'
import { modelFills, type OrderAtOpen } from '../../../../shared/domain/execution/model-fills.ts'
import { tradeValue } from '../../../../shared/domain/ledger/trade-value.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import {
  add,
  compare,
  type Decimal,
  decimal,
  floorTo,
  subtract,
  toText,
  ZERO,
} from '../../../../shared/domain/money/decimal.ts'

const MONDAY = session('2024-03-04')
const TUESDAY = session('2024-03-05')
const MODEL: CostModel = { commission: 'ibkr-fixed', spread: 4, impact: 'square-root', y: 1 }
const FREE: CostModel = { commission: 'none', spread: 'none', impact: 'none' }
const MARKET = { adv: 1_000_000, sigmaDaily: 0.02, medianDollarVolume: 1e8 }

type Given = Partial<OrderAtOpen['order']> & {
  readonly id: string
  readonly open?: number
  readonly on?: typeof MONDAY
}

function ordered({ id, open = 100, on = MONDAY, ...given }: Given): OrderAtOpen {
  const defaults = { symbol: 'A', side: 'buy', quantity: decimal(100), session: MONDAY, source: 'made' } as const
  return { order: { id, ...defaults, ...given }, open: { session: on, price: open }, market: MARKET }
}

const told = ({ fills, expired }: ReturnType<typeof modelFills>) => ({
  fills: fills.map(({ order, quantity, price, fee }) => [order, ...[quantity, price, fee].map(toText)].join(' ')),
  expired,
})

describe('a fill of the model', () => {
  it('is at the open, worse by half the spread and the impact, with the commission', () => {
    // 4 bp spread: 2 bp. 0.02 × √(10000 / 1e6) = 20 bp. IBKR: 0.005 × 10000 = 50.
    const buy = executeAtOpen(
      ordered({ id: 'b', quantity: decimal(10_000) }).order,
      { session: MONDAY, price: 100 },
      MARKET,
      MODEL,
    )
    expect([buy.price, buy.fee, buy.referencePrice].map(toText)).toEqual(['100.22', '50', '100'])
    const order = ordered({ id: 's', side: 'sell', quantity: decimal(10_000) }).order
    const sale = executeAtOpen(order, { session: MONDAY, price: 100 }, MARKET, MODEL)
    expect(toText(sale.price)).toBe('99.78')
  })

  it('is on the next tick against us', () => {
    expect(toText(onTick(decimal('187.15001'), 'buy'))).toBe('187.1501')
    expect(toText(onTick(decimal('187.15009'), 'sell'))).toBe('187.15')
    expect(toText(onTick(decimal('187.15'), 'buy'))).toBe('187.15')
    expect(toText(onTick(decimal('0.000012341'), 'buy'))).toBe('0.00001235')
    expect(toText(onTick(decimal('0.000000001'), 'sell'))).toBe('0.00000001')
    expect(toText(onTick(decimal('-3'), 'sell'))).toBe('0.00000001')
  })
})

describe('filling orders', () => {
  it('sells first, and buys with what that brings', () => {
    const orders = [
      ordered({ id: 'a', quantity: decimal(90) }),
      ordered({ id: 'b', side: 'sell', symbol: 'B', quantity: decimal(50) }),
      ordered({ id: 'c', symbol: 'C', quantity: decimal(70), on: TUESDAY }),
      ordered({ id: 'd', side: 'sell', symbol: 'D', quantity: decimal(10), on: TUESDAY }),
    ]
    expect(told(modelFills(orders, decimal(5000), FREE))).toEqual({
      fills: ['b 50 100 0', 'a 90 100 0', 'd 10 100 0', 'c 20 100 0'],
      expired: ['c'],
    })
  })

  it('cuts a buy to what the cash pays, whole shares whole', () => {
    const model: CostModel = { commission: 'ibkr-fixed', spread: 'none', impact: 'none' }
    expect(told(modelFills([ordered({ id: 'a', open: 33.33 })], decimal(1000), model))).toEqual({
      fills: ['a 29 33.33 1'],
      expired: ['a'],
    })
    const fractional = ordered({ id: 'a', open: 33.33, quantity: decimal('100.5') })
    expect(told(modelFills([fractional], decimal(1000), model)).fills).toEqual(['a 29.972997 33.33 1'])
    for (const cash of ['34.32', '1', '0', '-5']) {
      expect(told(modelFills([ordered({ id: 'a', open: 33.33 })], decimal(cash), model))).toEqual({
        fills: [],
        expired: ['a'],
      })
    }
  })

  it('stamps the open of the exchange, or of the coin’s day', () => {
    const { fills } = modelFills([ordered({ id: 'a' }), ordered({ id: 'b', symbol: 'BTC-USD' })], decimal(1e6), FREE)
    expect(fills.map(({ execution, at }) => [execution, new Date(at).toISOString()])).toEqual([
      ['2024-03-04', '2024-03-04T14:30:00.000Z'],
      ['2024-03-04', '2024-03-04T00:00:00.000Z'],
    ])
  })

  const anyOrders = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 100, max: 999 }).map(String),
      symbol: fc.constantFrom('A', 'B', 'BTC-USD'),
      side: fc.constantFrom('buy', 'sell'),
      quantity: fc
        .oneof(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0.001, max: 500, noNaN: true }))
        .map((n) => floorTo(decimal(n), decimal('0.000001')))
        .filter((n) => compare(n, ZERO) > 0),
      open: fc.double({ min: 0.01, max: 2000, noNaN: true }),
      on: fc.constantFrom(MONDAY, TUESDAY),
    }),
    { selector: ({ id }) => id, maxLength: 12 },
  )
  const anyCash = fc.integer({ min: 0, max: 50_000_000 }).map((cents) => decimal((cents / 100).toFixed(2)))

  it('never spends more than there is, whatever the orders', () => {
    fc.assert(
      fc.property(anyOrders, anyCash, (given, power) => {
        let cash = power
        for (const { side, quantity, price, fee } of modelFills(given.map(ordered), power, MODEL).fills) {
          const value = tradeValue(quantity, price)
          cash = subtract(side === 'buy' ? subtract(cash, value) : add(cash, value), fee)
          if (side === 'buy') expect(compare(cash, ZERO)).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  it('fills each order once and whole, or says that it expired; in any order they come', () => {
    fc.assert(
      fc.property(anyOrders, anyCash, (given, power) => {
        const { fills, expired } = modelFills(given.map(ordered), power, MODEL)
        const whole = new Map(given.map(({ id, quantity }) => [id, quantity as Decimal]))
        expect(new Set(fills.map(({ order }) => order)).size).toBe(fills.length)
        for (const { order, quantity } of fills) {
          const part = compare(quantity, whole.get(order)!)
          expect(part).toBe(expired.includes(order) ? -1 : 0)
          expect(compare(quantity, ZERO)).toBe(1)
        }
        const neither = given.filter(({ id }) => !expired.includes(id) && !fills.some(({ order }) => order === id))
        expect(neither).toEqual([])
        expect(told(modelFills([...given].reverse().map(ordered), power, MODEL))).toEqual(told({ fills, expired }))
      }),
    )
  })
})
