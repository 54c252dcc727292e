import { describe, expect, it } from 'vitest'
import { decimal, multiply, toText } from '../../../../../shared/domain/money/decimal.ts'
import type { ConsideredTrade } from '../../../../../shared/domain/portfolio/considered-trade.ts'
import { checkLimits } from '../../../../../shared/domain/portfolio/rebalancing/check-limits.ts'
import { considerTrades } from '../../../../../shared/domain/portfolio/rebalancing/consider-trades.ts'
import { deliberation, type MadeFund, madeTargets } from './made-fund.ts'

const COSTS = { commission: 'none', spread: 'none', impact: 'none' } as const
const RULES = { nameCap: 0.5, sectorCap: 1, turnover: { month: 1, year: 1 }, maximumParticipation: 1 }

/** What is proposed under generous rules, looked at under those of `limits`, some of it changed on the way. */
function check(
  fund: MadeFund,
  limits: object,
  change: (trades: ConsideredTrade[]) => ConsideredTrade[] = (trades) => trades,
) {
  const proposed = considerTrades(
    madeTargets(fund.names),
    { month: 0, year: 0 },
    deliberation({ ...fund, mandate: { portfolio: RULES, costs: COSTS } }),
  )
  const rules = deliberation({ ...fund, mandate: { portfolio: { ...RULES, ...limits }, costs: COSTS } })
  const { trades, ...counts } = checkLimits(change(proposed), rules)
  const of = (symbol: string) => trades.find((trade) => trade.symbol === symbol)!
  return { trades, counts, of, quantity: (symbol: string) => toText(of(symbol).quantity) }
}

const times = (trade: ConsideredTrade, factor: number): ConsideredTrade => {
  const quantity = multiply(trade.quantity, decimal(factor))
  return { ...trade, quantity, notional: multiply(quantity, trade.price) }
}
const fund: MadeFund = {
  names: [
    { symbol: 'A', price: 100, target: 0.4, z: 3 },
    { symbol: 'B', price: 100, target: 0.2, z: 2 },
    { symbol: 'C', sector: 'Utilities', held: 200, price: 100, target: 0.1, z: -3 },
  ],
  cash: 80_000,
}

describe('the second look', () => {
  it('lets pass what keeps the limits', () => {
    const { counts, quantity } = check(fund, {})
    expect(counts).toEqual({ approved: 3, cut: 0, refused: 0 })
    expect([quantity('A'), quantity('B'), quantity('C')]).toEqual(['400', '200', '100'])
  })

  it('cuts a buy to the cap of a name', () => {
    const { counts, quantity, of } = check(fund, { nameCap: 0.25 })
    expect(counts).toEqual({ approved: 2, cut: 1, refused: 0 })
    expect(quantity('A')).toBe('250')
    expect(of('A').explanation).toContain('Made 250 instead of 400: the cap of a name is 25.00 %.')
    expect(of('A').costs.notional).toBe(25_000)
  })

  it('cuts the buys of a sector to its cap, the least promising first', () => {
    const { counts, quantity, of } = check(fund, { sectorCap: 0.45 })
    expect(counts).toEqual({ approved: 2, cut: 1, refused: 0 })
    expect([quantity('A'), quantity('B')]).toEqual(['400', '50'])
    expect(of('B').explanation).toContain('Energy would weigh 15000 more than its cap of 45.00 %')
    const stricter = check(fund, { sectorCap: 0.3 })
    expect([stricter.quantity('A'), stricter.of('B').verdict]).toEqual(['300', 'limit'])
  })

  it('cuts to a share of the usual volume, sales as well', () => {
    const names = fund.names.map((name) => ({ ...name, volume: 1000 }))
    const { counts, quantity } = check({ ...fund, names }, { maximumParticipation: 0.09 })
    expect(counts).toEqual({ approved: 0, cut: 3, refused: 0 })
    expect([quantity('A'), quantity('B'), quantity('C')]).toEqual(['90', '90', '90'])
  })

  it('refuses what would have to be smaller than the minimum', () => {
    const { counts, of } = check(fund, { nameCap: 0.25, minimumTrade: 26_000 })
    expect(counts).toEqual({ approved: 2, cut: 0, refused: 1 })
    expect([of('A').verdict, toText(of('A').notional)]).toEqual(['limit', '40000'])
    expect(of('A').explanation).toContain('Not made: the cap of a name is 25.00 %.')
  })

  it('cuts a sale to what is held', () => {
    const { counts, quantity } = check(fund, {}, (trades) =>
      trades.map((trade) => (trade.symbol === 'C' ? times(trade, 3) : trade)),
    )
    expect([quantity('C'), counts.cut]).toEqual(['200', 1])
  })

  it('refuses a second order for a name', () => {
    const { trades, counts } = check(fund, {}, ([first, ...rest]) => [first, { ...first, id: 'again' }, ...rest])
    expect(counts).toEqual({ approved: 3, cut: 0, refused: 1 })
    expect(trades.find(({ id }) => id === 'again')).toMatchObject({ verdict: 'limit' })
  })

  it('refuses a price that is too old, and a volume that nobody knows', () => {
    const aged = { ...fund, names: fund.names.map((name) => ({ ...name, priceAge: 2 })) }
    const rules = deliberation({ ...aged, mandate: { portfolio: RULES, alerts: { maximumPriceAgeSessions: 1 } } })
    const proposed = considerTrades(
      madeTargets(fund.names),
      { month: 0, year: 0 },
      deliberation({ ...fund, mandate: { portfolio: RULES } }),
    )
    expect(checkLimits(proposed, rules)).toMatchObject({ approved: 0, refused: 3 })
    const unknown = deliberation({ ...fund, names: fund.names.map((name) => ({ ...name, volume: Number.NaN })) })
    expect(checkLimits(proposed, unknown)).toMatchObject({ approved: 0, refused: 3 })
  })

  it('keeps cash from falling below zero', () => {
    const { trades, counts, quantity } = check(fund, { cash: 0 }, (some) =>
      some.map((trade) =>
        trade.symbol === 'A' ? times(trade, 1.25) : trade.symbol === 'B' ? times(trade, 2.3) : trade,
      ),
    )
    expect(counts).toMatchObject({ approved: 1, cut: 2 })
    expect(trades.every(({ verdict }) => verdict === 'order')).toBe(true)
    expect(Number(quantity('A')) + Number(quantity('B'))).toBeLessThan(900) // 80,000 in cash and 10,000 of the sale
  })
})
