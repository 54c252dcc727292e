import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { almgrenPermanentBps, almgrenTemporaryBps } from '../../../../shared/domain/costs/almgren-impact.ts'
import { COST_PRESETS, type CostModel } from '../../../../shared/domain/costs/cost-model.ts'
import {
  type CostEstimate,
  type CostMarket,
  type CostOrder,
  estimateCosts,
} from '../../../../shared/domain/costs/estimate-costs.ts'
import type { Session } from '../../../../shared/domain/market/session.ts'
import { REFERENCE, type ReferenceModel } from './reference.ts'

const MODELS: Readonly<Record<ReferenceModel, CostModel>> = {
  ...COST_PRESETS,
  'square-root-0.5': { ...COST_PRESETS['square-root'], y: 0.5 },
}

const linesOf = ({ commission, exchangeFee, halfSpread, permanentImpact, temporaryImpact, total }: CostEstimate) => [
  commission,
  exchangeFee,
  halfSpread,
  permanentImpact,
  temporaryImpact,
  total,
]

function expectClose(found: readonly number[], expected: readonly number[], relative = 1e-12) {
  expect(found.length).toBe(expected.length)
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(relative * Math.abs(expected[i]))
  })
}

const buy: CostOrder = { symbol: 'AAPL', side: 'buy', quantity: 100, price: 50 }
const market: CostMarket = {
  spreadBps: 4,
  medianDollarVolume: 3e8,
  adv: 1e6,
  sigmaDaily: 0.02,
  sharesOutstanding: 2e8,
  horizonDays: 0.5,
}

describe('cost models', () => {
  const cases = (Object.keys(MODELS) as ReferenceModel[]).flatMap((name) =>
    REFERENCE.models[name].map((expected, i) => ({ name, i, expected })),
  )
  it.each(cases)('agree with 50 decimal digits: $name, order $i', ({ name, expected }) => {
    const [quantity, price, spreadBps, adv, sigmaDaily, sharesOutstanding, horizonDays] = expected.order
    const inputs = { spreadBps, adv, sigmaDaily, sharesOutstanding, horizonDays }
    const estimate = estimateCosts({ symbol: 'X', side: 'sell', quantity, price }, inputs, MODELS[name])
    const lines = linesOf(estimate)
    expectClose([estimate.notional], [expected.notional])
    expectClose(
      lines.map(({ amount }) => amount),
      expected.amounts,
    )
    expectClose(
      lines.map(({ bps }) => bps),
      expected.bps,
    )
    expect(estimate.missing).toEqual([])
  })

  const ibm = REFERENCE.almgren_example
  it.each(ibm.days)("print Almgren's IBM as the paper does: over $days days $temporary and $total bps", (row) => {
    const inputs = {
      adv: ibm.adv,
      sigmaDaily: ibm.sigma,
      sharesOutstanding: ibm.shares_outstanding,
      horizonDays: row.days,
    }
    expect(almgrenPermanentBps(ibm.quantity, inputs, ibm.shares_outstanding)).toBeCloseTo(ibm.permanent, 1)
    expect(almgrenTemporaryBps(ibm.quantity, inputs, row.days)).toBeCloseTo(row.temporary, 1)
    const order: CostOrder = { symbol: 'IBM', side: 'buy', quantity: ibm.quantity, price: 90 }
    expect(estimateCosts(order, inputs, COST_PRESETS.almgren).total.bps).toBeCloseTo(row.total, 1)
  })

  it('take the spread from where the model says', () => {
    const half = (spread: CostModel['spread'], inputs: CostMarket = market) =>
      estimateCosts(buy, inputs, { commission: 'none', spread, impact: 'none' }).halfSpread.bps
    expect([half('quote'), half('corwin-schultz'), half('bucket'), half(9), half('none')]).toEqual([2, 2, 1, 4.5, 0])
  })

  it("charge Alpaca's commission on crypto, the taker's unless told otherwise", () => {
    const model: CostModel = { commission: 'alpaca', spread: 'none', impact: 'none' }
    const bps = (order: Partial<CostOrder>) => estimateCosts({ ...buy, ...order }, {}, model).commission.bps
    expect([bps({}), bps({ symbol: 'BTC-USD' }), bps({ symbol: 'BTC-USD', liquidity: 'maker' })]).toEqual([0, 25, 15])
  })

  it('charge clearing beside a tiered commission, and lower tiers to busy accounts', () => {
    const model: CostModel = { commission: 'ibkr-tiered', spread: 'none', impact: 'none' }
    const { commission, exchangeFee } = estimateCosts({ ...buy, quantity: 1000 }, {}, model)
    expect(commission.amount).toBeCloseTo(3.5, 12)
    expect(exchangeFee.amount).toBeCloseTo(0.2, 12)
    const busy = estimateCosts({ ...buy, quantity: 1000 }, { sharesThisMonth: 300_000 }, model)
    expect(busy.commission.amount).toBeCloseTo(2, 12)
  })

  it('charge regulatory fees to sells alone, by session', () => {
    const regulatoryFees = [{ name: 'value', from: '2024-05-22' as Session, perMillion: 27.8 }]
    const model: CostModel = { commission: 'none', spread: 'none', impact: 'none', regulatoryFees }
    const fee = (order: Partial<CostOrder>) => estimateCosts({ ...buy, ...order }, {}, model)
    const session = '2024-06-03' as Session
    expect(fee({ session }).exchangeFee.amount).toBe(0)
    expect(fee({ session, side: 'sell' }).exchangeFee.amount).toBeCloseTo(0.139, 12)
    expect(fee({ side: 'sell' }).missing).toEqual(['session'])
    expect(fee({ side: 'buy' }).missing).toEqual([])
    expect(fee({ session, side: 'sell', symbol: 'BTC-USD' }).exchangeFee.amount).toBe(0)
  })
})

describe('what is not known', () => {
  const missingOf = (inputs: CostMarket, model: CostModel) => estimateCosts(buy, inputs, model).missing

  it('is named, and only what the model needs', () => {
    expect(missingOf({}, COST_PRESETS['per-share'])).toEqual(['spreadBps'])
    expect(missingOf({}, COST_PRESETS['ibkr-fixed'])).toEqual([])
    expect(missingOf({}, COST_PRESETS['square-root'])).toEqual(['adv', 'sigmaDaily'])
    expect(missingOf({}, COST_PRESETS.almgren)).toEqual(['adv', 'sigmaDaily', 'sharesOutstanding', 'horizonDays'])
    expect(missingOf({}, { commission: 'none', spread: 'bucket', impact: 'none' })).toEqual(['medianDollarVolume'])
  })

  it('is NaN too, and zero where the model divides by it', () => {
    expect(missingOf({ adv: Number.NaN, sigmaDaily: 0.02 }, COST_PRESETS['square-root'])).toEqual(['adv'])
    expect(missingOf({ adv: 0, sigmaDaily: 0 }, COST_PRESETS['square-root'])).toEqual(['adv'])
    expect(missingOf({ spreadBps: 0 }, COST_PRESETS['per-share'])).toEqual([])
  })

  it('leaves its own line at 0 and the others as they are', () => {
    const known = estimateCosts(buy, market, COST_PRESETS.almgren)
    const { permanentImpact, temporaryImpact, total } = estimateCosts(
      buy,
      { ...market, sharesOutstanding: undefined },
      COST_PRESETS.almgren,
    )
    expect(permanentImpact).toEqual({ amount: 0, bps: 0 })
    expect(temporaryImpact).toEqual(known.temporaryImpact)
    expect(total).toEqual(known.temporaryImpact)
  })
})

describe('every estimate', () => {
  const positive = (max: number) => fc.double({ min: 1e-4, max, noNaN: true })
  /** Nothing, or as much as somebody could measure: below that a double has no digits left to add up. */
  const fromZero = (max: number) => fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max, noNaN: true }))
  const anyMarket: fc.Arbitrary<CostMarket> = fc.record(
    {
      spreadBps: fromZero(500),
      medianDollarVolume: positive(1e11),
      adv: positive(1e9),
      sigmaDaily: fromZero(0.5),
      sharesOutstanding: positive(1e10),
      horizonDays: positive(10),
      sharesThisMonth: fc.integer({ min: 0, max: 200_000_000 }),
    },
    { requiredKeys: [] },
  )
  const anyModel: fc.Arbitrary<CostModel> = fc
    .record({
      commission: fc.constantFrom('none', 'per-share', 'ibkr-fixed', 'ibkr-tiered', 'alpaca'),
      spread: fc.oneof(fc.constantFrom('none', 'quote', 'corwin-schultz', 'bucket'), fc.nat(50)),
      impact: fc.constantFrom('none', 'linear', 'square-root', 'almgren'),
    })
    .map(({ impact, ...model }) => (impact === 'square-root' ? { ...model, impact, y: 0.7 } : { ...model, impact }))
  const anyOrder: fc.Arbitrary<CostOrder> = fc.record({
    symbol: fc.constantFrom('AAPL', 'BTC-USD'),
    side: fc.constantFrom('buy', 'sell'),
    quantity: positive(1e7),
    price: positive(1e5),
  })

  it('is from zero up, adds up, and says the same in currency and basis points', () => {
    fc.assert(
      fc.property(anyOrder, anyMarket, anyModel, (order, inputs, model) => {
        const estimate = estimateCosts(order, inputs, model)
        const lines = linesOf(estimate)
        const parts = lines.slice(0, -1)
        for (const { amount, bps } of lines) {
          expect(amount >= 0 && bps >= 0).toBe(true)
          expect(amount).toBeLessThan(Number.POSITIVE_INFINITY)
        }
        expectClose(
          lines.map(({ bps }) => (bps * estimate.notional) / 1e4),
          lines.map(({ amount }) => amount),
        )
        expectClose([parts.reduce((total, { amount }) => total + amount, 0)], [estimate.total.amount])
        expectClose([parts.reduce((total, { bps }) => total + bps, 0)], [estimate.total.bps])
      }),
    )
  })

  it('costs no less for more, and as much for a sell as for a buy', () => {
    fc.assert(
      fc.property(
        anyOrder,
        anyMarket,
        anyModel,
        fc.double({ min: 1, max: 50, noNaN: true }),
        (order, inputs, model, k) => {
          const once = estimateCosts(order, inputs, model).total.amount
          const more = estimateCosts({ ...order, quantity: order.quantity * k }, inputs, model).total.amount
          expect(more).toBeGreaterThanOrEqual(once * (1 - 1e-12))
          const other = { ...order, side: order.side === 'buy' ? ('sell' as const) : ('buy' as const) }
          expect(estimateCosts(other, inputs, model).total.amount).toBe(once)
        },
      ),
    )
  })

  it('scales as the laws of impact say', () => {
    const of = (order: CostOrder, inputs: CostMarket, model: CostModel) => {
      const { permanentImpact, temporaryImpact } = estimateCosts(order, inputs, model)
      return [permanentImpact.bps, temporaryImpact.bps]
    }
    const larger = { ...buy, quantity: 16 * buy.quantity }
    const [, root] = of(buy, market, COST_PRESETS['square-root'])
    expectClose(of(larger, market, COST_PRESETS['square-root']), [0, 4 * root])
    // Everything counted in other shares, as after a split: the same.
    const split = { ...market, adv: 16e6, sharesOutstanding: 16 * 2e8 }
    for (const model of Object.values(COST_PRESETS)) {
      if (model.impact === 'linear') continue
      expectClose(of({ ...larger, price: buy.price / 16 }, split, model), of(buy, market, model))
    }
    const [permanent, temporary] = of(buy, market, COST_PRESETS.almgren)
    expectClose(of(larger, market, COST_PRESETS.almgren), [16 * permanent, 16 ** 0.6 * temporary])
    const [, slower] = of(buy, { ...market, horizonDays: 4 * 0.5 }, COST_PRESETS.almgren)
    expectClose([slower], [temporary / 4 ** 0.6])
  })

  it.each([
    ['no quantity', { quantity: 0 }],
    ['a negative quantity', { quantity: -5 }],
    ['a price that is none', { price: Number.NaN }],
    ['an endless price', { price: Number.POSITIVE_INFINITY }],
    ['a value beyond the numbers', { price: 1e300, quantity: 1e300 }],
  ])('refuses an order with %s', (_, change) => {
    expect(() => estimateCosts({ ...buy, ...change }, market, COST_PRESETS['ibkr-fixed'])).toThrow(/^AAPL: quantity/)
  })

  it.each([
    ['spread', { spreadBps: -1 }, COST_PRESETS['per-share']],
    ['volume', { adv: -1 }, COST_PRESETS['square-root']],
    ['volatility', { sigmaDaily: Number.POSITIVE_INFINITY }, COST_PRESETS['square-root']],
    ['spread of the model', {}, { commission: 'none', spread: -1, impact: 'none' }],
    ['Y', {}, { ...COST_PRESETS['square-root'], y: -1 }],
  ] as const)('refuses an impossible %s', (_, change, model) => {
    expect(() => estimateCosts(buy, { ...market, ...change }, model)).toThrow(/expected a finite number from 0/)
  })
})
