import { describe, expect, it } from 'vitest'
import { decimal, toText } from '../../../../../shared/domain/money/decimal.ts'
import { cashAfter } from '../../../../../shared/domain/portfolio/rebalancing/cash-plan.ts'
import { considerTrades } from '../../../../../shared/domain/portfolio/rebalancing/consider-trades.ts'
import { untiedMoney } from '../../../../../shared/domain/portfolio/rebalancing/idle-cash.ts'
import { budgetedAmount } from '../../../../../shared/domain/portfolio/rebalancing/turnover-budget.ts'
import { deliberation, type MadeFund, madeTargets } from './made-fund.ts'

const FREE = { month: 0, year: 0 }
const RULES = { nameCap: 0.6, sectorCap: 1, turnover: { month: 1, year: 1 } }
/** Cash that is all the mandate's own, so that none of it is idle. */
const NONE_IDLE = { ...RULES, cash: 0.2999 }
const COSTS = { commission: 'ibkr-fixed', spread: 4, impact: 'none' } as const

const consider = (fund: MadeFund, used = FREE) => considerTrades(madeTargets(fund.names), used, deliberation(fund))

describe('a rebalance of three names, computed by hand', () => {
  // Worth 100,000: A 30 %, B 50 %, cash 20 %. √21 = 4.58257569…
  const names = [
    { symbol: 'A', held: 300, price: 100, target: 0.4, z: 1, sigma: 0.02 },
    { symbol: 'B', held: 250, price: 200, target: 0.3, z: -0.5, sigma: 0.01 },
    { symbol: 'C', held: 0, price: 50, target: 0.25, z: 0.2, sigma: 0.01 },
  ]
  const fund = { names, cash: 20_000, mandate: { portfolio: NONE_IDLE, costs: COSTS } }

  it('sells first, buys what pays for its costs, and shows what it left', () => {
    const [sale, buyOfC, buyOfA] = consider(fund)

    // 20 % of 50 % leaves 30 %: (50,000 − 30,000) / 200 = 100 shares; commission 1 of 20,000 is 0.5 bps, half a spread of 4 bps is 2.
    expect(sale).toMatchObject({ id: '2024-04-01-B-sell', reason: 'decrease', verdict: 'order', currentWeight: 0.5 })
    expect([toText(sale.quantity), toText(sale.notional), sale.costs.total.amount]).toEqual(['100', '20000', 5])
    // 1e4 × 0.03 × 0.01 × √21 × 0.5 = 6.8739; less 2.5, less a quarter of 2.5
    expect(sale.alpha.grossBps).toBeCloseTo(6.8739, 4)
    expect(sale.alpha.netBps).toBeCloseTo(6.8739 - 2.5 - 0.625, 4)

    // 40,000 − 30,000 at 100: 100 shares; commission 1 of 10,000 is 1 bp, half the spread 2.
    expect(buyOfA).toMatchObject({ id: '2024-04-01-A-buy', reason: 'increase', verdict: 'order', targetWeight: 0.4 })
    expect([toText(buyOfA.quantity), buyOfA.costs.total.amount, buyOfA.alpha.costInBps]).toEqual(['100', 3, 3])
    expect(buyOfA.alpha.netBps).toBeCloseTo(27.4955 - 3 - 0.75, 3)
    expect(buyOfA.band[0]).toBeCloseTo(0.32, 12)
    expect(buyOfA.band[1]).toBeCloseTo(0.48, 12)

    // 25,000 at 50: 500 shares; commission 2.5 is 1 bp, half the spread 2. Expected: 2.7495, below its costs of 3.75.
    expect(buyOfC).toMatchObject({ id: '2024-04-01-C-buy', reason: 'new', verdict: 'negative-net-alpha' })
    expect([toText(buyOfC.quantity), toText(buyOfC.wantedQuantity), toText(buyOfC.notional)]).toEqual([
      '0',
      '500',
      '25000',
    ])
    expect(buyOfC.alpha.netBps).toBeCloseTo(2.7495 - 3.75, 3)
    expect(buyOfC.explanation).toBe(
      'Weighs 0.00 %, wanted 25.00 %, no trade from 20.00 % to 30.00 %: buy of 500 at 50 for 25000 is not made; ' +
        '2.7 bps expected − 3.0 bps in − 0.25 × 3.0 bps out = -1.0 bps, not more than 0.0 bps.',
    )
  })

  it('leaves the cash that the arithmetic says, and turns over half of what moves', () => {
    const trades = consider(fund)
    expect(toText(cashAfter(deliberation(fund).point.cash, trades))).toBe('29992') // 20,000 + 19,995 − 10,003
    expect(toText(budgetedAmount(trades, deliberation(fund).point.inflow))).toBe('15000')
  })

  it('spends a short turnover budget where it earns most, and cuts the one it runs out on', () => {
    // 10 % of 100,000 one-way lets 20,000 change hands: 10,000 for A with 23.7 bps, and the rest for B with 3.7.
    const portfolio = { ...RULES, cash: 0.1999, turnover: { month: 0.12, year: 1 } }
    const two = { names: names.slice(0, 2), cash: 20_000, mandate: { portfolio, costs: COSTS } }
    const [sale, buy] = consider(two, { month: 0.02, year: 0.02 })
    expect([toText(buy.quantity), toText(sale.quantity), toText(sale.wantedQuantity)]).toEqual(['100', '50', '100'])
    expect(sale.explanation).toContain('Made 50 instead of 100: the turnover budget has 10.00 % of the fund left')
  })

  it('makes nothing after the trade that the budget ran out on, not even what its rest would pay for', () => {
    const portfolio = { ...RULES, cash: 0.2, turnover: { month: 0.05, year: 1 } }
    const short = [
      { symbol: 'A', price: 3000, target: 0.2, z: 3 },
      { symbol: 'B', price: 10, target: 0.2, z: 2 },
      { symbol: 'S', held: 800, price: 100, target: 0, z: 0 },
    ]
    const exclusions = [{ symbol: 'S', reason: 'tobacco', date: '2024-01-01', evidence: 'report' }]
    const universe = { listings: ['A', 'B', 'S'].map((symbol) => ({ symbol, sector: 'Energy' })), exclusions }
    // S must go, which is no turnover. 10,000 may change hands: 3 of A for 9,000, and the 1,000 left would be 100 of B.
    const trades = consider({ names: short, cash: 20_000, mandate: { portfolio, costs: COSTS, universe } })
    const made = trades.map(({ symbol, verdict, quantity }) => [symbol, verdict, toText(quantity)])
    expect(made.sort()).toEqual([
      ['A', 'order', '3'],
      ['B', 'turnover-budget', '0'],
      ['S', 'order', '800'],
    ])
  })

  it('does not count what money that came in buys', () => {
    const portfolio = { ...RULES, cash: 0.0999, turnover: { month: 0.05, year: 1 } }
    const bought = (inflow: number) =>
      consider({ names: names.slice(0, 2), cash: 20_000, inflow, mandate: { portfolio, costs: COSTS } }).map(
        ({ symbol, quantity }) => [symbol, toText(quantity)],
      )
    // 10,000 may change hands: the cash that lies idle pays for A, or all of it is for B where A is paid from outside.
    expect(bought(0)).toEqual([
      ['B', '0'],
      ['A', '100'],
    ])
    expect(bought(10_000)).toEqual([
      ['B', '50'],
      ['A', '100'],
    ])
  })

  it('has sales leave so much of a short budget to buys that no money lies idle', () => {
    const rotating = [
      { symbol: 'A', held: 500, price: 100, target: 0, z: -3 },
      { symbol: 'B', held: 300, price: 100, target: 0.3, z: 0 },
      { symbol: 'C', held: 0, price: 100, target: 0.5, z: 1 },
    ]
    const portfolio = { ...RULES, cash: 0.2, turnover: { month: 0.05, year: 1 } }
    const made = (some: typeof rotating) =>
      consider({ names: some, cash: 20_000, mandate: { portfolio, costs: COSTS } }).map(({ symbol, quantity }) => [
        symbol,
        toText(quantity),
      ])
    expect(made(rotating)).toEqual([
      ['A', '50'],
      ['C', '49'], // its costs and those of the sale are paid, too
      ['B', '0'],
    ])
    expect(made(rotating.map((name) => (name.symbol === 'C' ? { ...name, target: 0 } : name)))[0]).toEqual(['A', '100'])
  })
})

describe('cash beyond the mandate’s share', () => {
  const names = [
    { symbol: 'A', held: 300, price: 100, target: 0.3, z: 1 },
    { symbol: 'B', price: 50, target: 0.25, z: 0, sigma: 0.01 },
    { symbol: 'C', price: 40, target: 0.25, z: -1, sigma: 0.01 },
  ]
  const fund = (portfolio: object) => ({
    names,
    cash: 70_000,
    mandate: { portfolio: { ...RULES, ...portfolio }, costs: COSTS },
  })
  const made = (portfolio: object) =>
    consider(fund(portfolio)).map(({ symbol, verdict, quantity }) => [symbol, verdict, toText(quantity)])

  it('is invested though alpha alone would not pay for it, the least bad first, the last cut to fit', () => {
    // 70,000 less 30,000 is idle: 500 of B for 25,000, and 15,000 of the 25,000 wanted of C.
    const trades = consider(fund({ cash: 0.3 }))
    const orders = trades.map(({ symbol, verdict, quantity }) => [symbol, verdict, toText(quantity)])
    expect(orders.slice(0, 2).sort()).toEqual([
      ['B', 'order', '499'], // both a little less, so that their costs are paid, too
      ['C', 'order', '374'],
    ])
    const [first] = trades
    expect(first.alpha.netBps).toBeLessThan(0)
    expect(first.explanation).toContain("it invests cash beyond the mandate's share")
  })

  it('is no turnover where it came from outside', () => {
    const portfolio = { cash: 0.3, turnover: { month: 0, year: 0 } }
    const waiting = { ...fund(portfolio), inflow: 70_000 }
    const orders = consider(waiting).map(({ symbol, verdict, quantity }) => [symbol, verdict, toText(quantity)])
    expect(orders).toEqual(made({ cash: 0.3 }))
    const untied = untiedMoney(deliberation(waiting).point, 0.3)
    expect([toText(untied), toText(budgetedAmount(consider(waiting), untied))]).toEqual(['40000', '0'])
  })

  it('pays for what was taken out, so that nothing need be sold for it', () => {
    const untied = (cash: number, inflow: number) =>
      toText(untiedMoney({ ...deliberation(fund({})).point, cash: decimal(cash), inflow: decimal(inflow) }, 0.3))
    expect(untied(70_000, -5000)).toBe('0')
    expect(untied(28_000, -5000)).toBe('-2000')
    expect(untied(20_000, -5000)).toBe('-5000')
    expect(untied(20_000, 5000)).toBe('0')
  })

  it('is turnover where sales brought it', () => {
    const short = made({ cash: 0.3, turnover: { month: 0.05, year: 1 } })
    expect(short.filter(([, verdict]) => verdict === 'order')).toEqual([['B', 'order', '200']]) // 10,000 change hands
  })

  it('stays where there is none', () => {
    expect(made({ cash: 0.7 }).filter(([, verdict]) => verdict === 'order')).toEqual([])
  })
})

describe('what stops a trade', () => {
  const one = (name: object, mandate: object = {}, cash: number | string = 90_000) =>
    consider({
      names: [{ symbol: 'A', held: 100, price: 100, z: 1, ...name }],
      cash,
      mandate: { portfolio: RULES, ...mandate },
    })[0]

  it('is its band, edges included', () => {
    expect(one({ target: 0.12 })).toMatchObject({ verdict: 'within-band' })
    expect(one({ target: 0.125 })).toMatchObject({ verdict: 'within-band' })
    expect(one({ target: 0.126 })).toMatchObject({ verdict: 'order' })
  })

  it('is the observation list, for buys alone', () => {
    const observation = [{ symbol: 'A', reason: 'coal', date: '2024-01-01', evidence: 'report' }]
    const universe = { listings: [{ symbol: 'A', sector: 'Energy' }], observation }
    expect(one({ target: 0.3 }, { universe })).toMatchObject({ verdict: 'observed' })
    expect(one({ target: 0.05, z: -1 }, { universe })).toMatchObject({ verdict: 'order', side: 'sell' })
  })

  it('is its size', () => {
    expect(one({ target: 0.3 }, { portfolio: { ...RULES, minimumTrade: 20_001 } }).verdict).toBe('below-minimum')
    expect(one({ target: 0.3 }, { portfolio: { ...RULES, minimumTrade: 20_000 } }).verdict).toBe('order')
    expect(one({ held: 0, price: 70_000, target: 0.5 })).toMatchObject({ verdict: 'below-minimum' })
  })

  it('is that nobody expects anything of it', () => {
    const trade = one({ target: 0, z: undefined })
    expect(trade).toMatchObject({ verdict: 'negative-net-alpha', reason: 'exit' })
    expect(trade.alpha.netBps).toBeNaN()
    expect(trade.explanation).toContain('nobody expects anything of it')
  })

  it('is a price that is missing or old', () => {
    expect(one({ held: 0, price: undefined, target: 0.2 })).toMatchObject({ verdict: 'no-price' })
    expect(one({ target: 0.3, priceAge: 4 })).toMatchObject({ verdict: 'no-price' })
    expect(one({ target: 0.3, priceAge: 3 })).toMatchObject({ verdict: 'order' })
  })

  it('is an unknown volume, when the cost needs one', () => {
    const trade = one({ target: 0.3, volume: Number.NaN })
    expect(trade).toMatchObject({ verdict: 'negative-net-alpha' })
    expect(trade.explanation).toContain('cannot be estimated without medianDollarVolume, adv')
  })

  it('is not asked when a list forces the exit', () => {
    const exclusions = [{ symbol: 'A', reason: 'tobacco', date: '2024-04-01', evidence: 'report' }]
    const universe = { listings: [{ symbol: 'A', sector: 'Energy' }], exclusions }
    const mandate = { universe, portfolio: { ...RULES, minimumTrade: 1_000_000, turnover: { month: 0, year: 0 } } }
    const trade = one({ target: 0.3, held: '100.25' }, mandate)
    expect(trade).toMatchObject({ verdict: 'order', reason: 'forced-exit', side: 'sell' })
    expect(toText(trade.quantity)).toBe('100.25')
    expect(trade.explanation).toContain('excluded since 2024-04-01: tobacco')
  })

  it('is not asked for what a cap demands, and no more is sold than that', () => {
    const trade = one({ target: 0.03 }, { portfolio: { ...RULES, nameCap: 0.04 } })
    expect(trade).toMatchObject({ verdict: 'order', side: 'sell', reason: 'decrease' })
    expect(toText(trade.quantity)).toBe('60') // 100 shares weigh 10 %, 40 weigh 4 %
    expect(trade.alpha.netBps).toBeLessThan(0)
  })

  it('is not rounded down where a cap would stay broken', () => {
    // 5.94 %: to 5 % it is 1.42 shares, and selling one would leave 5.28 %.
    const name = { held: 9, price: 660, target: 0.05, z: -3 }
    const trade = one(name, { portfolio: { ...RULES, nameCap: 0.05 } }, 94_060)
    expect([trade.verdict, toText(trade.quantity)]).toEqual(['order', '2'])
  })

  it('is the sector’s drift: what is above its target goes back to it', () => {
    const names = [
      { symbol: 'A', held: 300, price: 100, target: 0.25, z: 2 },
      { symbol: 'B', held: 300, price: 100, target: 0.3, z: 2 },
    ]
    const trades = consider({ names, cash: 40_000, mandate: { portfolio: { ...RULES, sectorCap: 0.55 } } })
    expect(trades.map(({ id, verdict, quantity }) => [id, verdict, toText(quantity)])).toEqual([
      ['2024-04-01-A-sell', 'order', '50'],
      ['2024-04-01-B-buy', 'within-band', '0'],
    ])
  })

  it('is the cash: all buys are scaled alike, with their costs', () => {
    const names = ['A', 'B'].map((symbol) => ({ symbol, price: 10, target: 0.2, z: 1 }))
    const held = { symbol: 'C', held: 800, price: 100, target: 0.8, z: 1 }
    const fund = { names: [...names, held], cash: 20_000, mandate: { portfolio: { ...RULES, nameCap: 1 } } }
    const trades = consider(fund)
    const buys = trades.filter(({ side, verdict }) => side === 'buy' && verdict === 'order')
    expect(buys.map(({ quantity, wantedQuantity }) => [toText(quantity), toText(wantedQuantity)])).toEqual([
      ['748', '2000'],
      ['748', '2000'],
    ])
    const after = Number(toText(cashAfter(deliberation(fund).point.cash, trades)))
    expect(after).toBeGreaterThanOrEqual(5000) // the mandate's 5 %
    expect(after).toBeLessThan(5050)
  })

  it('leaves buys unmade that no cash is there for', () => {
    const names = [
      { symbol: 'A', held: 950, price: 100, target: 0.5, z: 2 },
      { symbol: 'B', price: 10, target: 0.2, z: 1 },
    ]
    const [suppressed] = consider({ names, cash: 5000, mandate: { portfolio: { ...RULES, nameCap: 1 } } }).filter(
      ({ symbol }) => symbol === 'B',
    )
    expect(suppressed).toMatchObject({ verdict: 'no-cash' })
    expect([toText(suppressed.quantity), toText(suppressed.wantedQuantity)]).toEqual(['0', '2000'])
  })
})

describe('what rounding leaves', () => {
  it('buys one share more of the best that are half a share short, as long as cash is left', () => {
    const names = [
      { symbol: 'A', price: 700, target: 0.1, z: 1 },
      { symbol: 'B', price: 900, target: 0.1, z: 2 },
      { symbol: 'C', price: 500, target: 0.1, z: 3 },
    ]
    const portfolio = { ...RULES, cash: 0.7 }
    const fund = { names, cash: 25_000, initialFunding: true, mandate: { portfolio, costs: COSTS } }
    // 2,500 is 3.57 of A, 2.78 of B and 5 of C. What is left of 7,500 after 6,400 buys one more of B, and then none of A.
    const bought = consider(fund).map(({ symbol, quantity, reason }) => [symbol, toText(quantity), reason])
    expect(bought).toEqual([
      ['B', '3', 'initial-funding'],
      ['C', '5', 'initial-funding'],
      ['A', '3', 'initial-funding'],
    ])
  })
})

describe('a rebalance made again', () => {
  it('says in its orders which making they are of', () => {
    const fund = { names: [{ symbol: 'A', price: 10, target: 0.2, z: 1 }], cash: 1000, mandate: { portfolio: RULES } }
    expect(consider({ ...fund, run: 'portfolio:2024-04-01:r3' })[0].id).toBe('2024-04-01-r3-A-buy')
  })
})
