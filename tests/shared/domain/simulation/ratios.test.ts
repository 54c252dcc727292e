import { describe, expect, it } from 'vitest'
import { addDays, msToSession, type Session } from '../../../../shared/domain/market/session.ts'
import { simulatedMarket } from '../../../../shared/domain/simulation/market.ts'
import { ratiosAt } from '../../../../shared/domain/simulation/ratios.ts'
import { DEFAULT_EQUITIES } from '../../../../shared/domain/universe/default-instruments.ts'
import { correlation, mean } from './statistics.ts'

const SEED = 1
const market = simulatedMarket(SEED)
const ASKED = ['2015-06-15', '2019-03-04', '2022-10-10', '2026-01-05'] as Session[]
const everywhere = DEFAULT_EQUITIES.flatMap(({ symbol }) =>
  ASKED.map((asOf) => ({
    symbol,
    asOf,
    path: market.equity(symbol)!,
    ...ratiosAt(SEED, market.equity(symbol)!, asOf)!,
  })),
)

describe('ratiosAt', () => {
  it('agrees with the price: market value, earnings and book tell one story', () => {
    for (const { path, asOf, ...ratios } of everywhere) {
      const row = path.at.findLastIndex((at) => msToSession(at) <= asOf)
      expect(ratios.marketCap).toBeCloseTo(path.close[row] * ratios.sharesOutstanding, 3)
      expect(ratios.sharesOutstanding).toBe(path.shares[row])
      if (ratios.trailingPe === undefined) expect(ratios.profitMargin).toBeLessThanOrEqual(0)
      else expect(ratios.priceToBook / ratios.trailingPe).toBeCloseTo(ratios.returnOnEquity, 9)
    }
  })

  it('lies where such ratios lie', () => {
    for (const { symbol, asOf, ...ratios } of everywhere) {
      const label = `${symbol} ${asOf}`
      if (ratios.trailingPe !== undefined) expect(ratios.trailingPe, label).toBeGreaterThan(3)
      expect(ratios.priceToBook, label).toBeGreaterThan(0.4)
      expect(ratios.priceToBook, label).toBeLessThan(30)
      expect(ratios.dividendYield, label).toBeGreaterThanOrEqual(0)
      expect(ratios.dividendYield, label).toBeLessThan(0.1)
      expect(ratios.debtToEquity, label).toBeGreaterThan(0)
      expect(ratios.currentRatio, label).toBeGreaterThan(0.4)
    }
    const multiples = everywhere.flatMap(({ trailingPe }) => (trailingPe === undefined ? [] : [trailingPe]))
    expect(multiples.length).toBeGreaterThan(0.9 * everywhere.length)
    expect(mean(multiples)).toBeGreaterThan(10)
    expect(mean(multiples)).toBeLessThan(60)
  })

  it('steps once a quarter: between two reports only the price moves', () => {
    const path = market.equity('AAPL')!
    const [report, next] = path.reports.slice(20, 22)
    const on = (row: number) => ratiosAt(SEED, path, msToSession(path.at[row]))!
    expect(next - report).toBeGreaterThan(55)
    expect(next - report).toBeLessThan(70)
    expect(on(next - 1).profitMargin).toBe(on(report).profitMargin)
    expect(on(next).profitMargin).not.toBe(on(report).profitMargin)
    expect(on(report + 3).trailingPe! / on(report).trailingPe!).toBeCloseTo(
      path.close[report + 3] / path.close[report],
      9,
    )
  })

  it('does not jump at a split', () => {
    const split = DEFAULT_EQUITIES.flatMap(({ symbol }) => market.equity(symbol)!.actions).find(
      ({ type }) => type === 'split',
    )!
    const path = market.equity(split.symbol)!
    const before = ratiosAt(SEED, path, addDays(split.exDate, -1))!
    const after = ratiosAt(SEED, path, split.exDate)!
    expect(after.priceToBook / before.priceToBook).toBeCloseTo(1, 0)
    expect(after.marketCap / before.marketCap).toBeCloseTo(1, 0)
    expect(after.dividendYield / (before.dividendYield || 1)).toBeLessThan(1.3)
    expect(after.sharesOutstanding / before.sharesOutstanding).toBeCloseTo(split.value, 9)
  })

  it('sums the dividends of a year, per share of today', () => {
    const path = market.equity('KO')!
    const asOf = '2024-06-28' as Session
    const row = path.at.findLastIndex((at) => msToSession(at) <= asOf)
    const paid = path.actions.filter(({ exDate }) => exDate > addDays(asOf, -365) && exDate <= asOf)
    expect(paid.map(({ type }) => type)).toEqual(['dividend', 'dividend', 'dividend', 'dividend'])
    const cash = paid.reduce((sum, { value }) => sum + value, 0)
    expect(ratiosAt(SEED, path, asOf)!.dividendYield).toBeCloseTo(cash / path.close[row], 12)
  })

  it('shows hidden quality through noise', () => {
    const quality = everywhere.map(
      ({ path, asOf }) => path.quality[path.at.findLastIndex((at) => msToSession(at) <= asOf)],
    )
    const growth = everywhere.map(({ revenueGrowth }) => revenueGrowth)
    expect(correlation(quality, growth)).toBeGreaterThan(0.25)
    expect(correlation(quality, growth)).toBeLessThan(0.9)
  })

  it('knows nothing before the first session, and says the same of a week-end as of its Friday', () => {
    const path = market.equity('AAPL')!
    expect(ratiosAt(SEED, path, '2015-01-01' as Session)).toBeUndefined()
    expect(ratiosAt(SEED, path, '2024-06-09' as Session)).toEqual(ratiosAt(SEED, path, '2024-06-07' as Session))
  })
})
