import { describe, expect, it } from 'vitest'
import type { BarSeries } from '../../../../../shared/domain/market/bar.ts'
import { setTargets, type TargetsSet } from '../../../../../shared/domain/portfolio/rebalancing/set-targets.ts'
import type { StartingPoint } from '../../../../../shared/domain/portfolio/rebalancing/starting-point.ts'
import { made } from '../../../../contracts/made-bars.ts'
import { deliberation, type MadeFund, madeSignals } from './made-fund.ts'

const DAY = 86_400_000

/** Closes that swing by so much a day, in step with others of the same beat. */
const swinging = (symbol: string, size: number, beat: number, rows = 60): BarSeries =>
  made(
    symbol,
    Array.from({ length: rows }, (_, i) => ({ at: i * DAY, close: 100 * (1 + size * Math.sin(i * beat)) })),
  )

const request = (fund: MadeFund, bars?: ReadonlyMap<string, BarSeries>) => {
  const { point, standing, rules } = deliberation(fund)
  return setTargets({ point, signals: madeSignals(fund.names), standing, rules, bars })
}
const weights = (fund: MadeFund, bars?: ReadonlyMap<string, BarSeries>) => {
  const { targets, unplaced } = request(fund, bars) as TargetsSet
  return { of: Object.fromEntries(targets.map(({ symbol, weight }) => [symbol, weight])), unplaced, targets }
}
const portfolio = { nameCap: 1, sectorCap: 1 }

describe('target weights', () => {
  it('follow multiple × score, over what is to be invested', () => {
    const names = [
      { symbol: 'A', price: 10, z: 1, band: 'strong_buy' as const, score: 80 },
      { symbol: 'B', price: 10, z: 1, band: 'buy' as const, score: 60 },
      { symbol: 'C', price: 10, z: 1, band: 'hold' as const, score: 40 },
    ]
    // 240 : 120 : 40, of 95 %
    const { of, unplaced } = weights({ names, cash: 1000, mandate: { portfolio } })
    expect(of.A).toBeCloseTo(0.57, 12)
    expect(of.B).toBeCloseTo(0.285, 12)
    expect(of.C).toBeCloseTo(0.095, 12)
    expect(unplaced).toBe(0)
  })

  it('are held to the caps, and say what stays in cash', () => {
    const names = ['A', 'B', 'C'].map((symbol) => ({ symbol, price: 10, z: 1 }))
    const fund = { names, cash: 1000, mandate: { portfolio: { nameCap: 0.3, sectorCap: 0.5 } } }
    const { of, unplaced, targets } = weights(fund)
    expect(of.A + of.B + of.C).toBeCloseTo(0.5, 12)
    expect(unplaced).toBeCloseTo(0.45, 12)
    expect(targets[0].uncapped).toBeCloseTo(0.95 / 3, 12)
    expect(targets[0].note).toBe('buy with a score of 60.0, 31.67 % before caps')
  })

  it('leave out what must not be bought, and keep what may be held', () => {
    const price = { price: 10, z: 1 }
    const judged = (symbol: string) => ({ symbol, reason: 'coal', date: '2024-04-01', evidence: 'report' })
    const names = [
      { symbol: 'BOUGHT', ...price },
      { symbol: 'FIFTH', ...price, quintile: 5 },
      { symbol: 'FIFTHHELD', ...price, quintile: 5, held: 1 },
      { symbol: 'SOLD', ...price, band: 'sell' as const, score: 30, held: 1 },
      { symbol: 'SOLDUNHELD', ...price, band: 'sell' as const, score: 30 },
      { symbol: 'WATCHED', ...price },
      { symbol: 'WATCHEDHELD', ...price, held: 1 },
      { symbol: 'OUT', ...price, held: 1 },
      { symbol: 'SILENT', price: 10, held: 1 },
      { symbol: 'UNPRICED', z: 1 },
    ]
    const universe = {
      listings: names.map(({ symbol }) => ({ symbol, sector: 'Energy' })),
      exclusions: [judged('OUT')],
      observation: [judged('WATCHED'), judged('WATCHEDHELD')],
    }
    const { of, targets } = weights({ names, cash: 1000, mandate: { portfolio, universe } })
    const wanted = Object.entries(of).filter(([, weight]) => weight > 0)
    expect(wanted.map(([symbol]) => symbol).sort()).toEqual(['BOUGHT', 'FIFTHHELD', 'WATCHEDHELD'])
    const notes = Object.fromEntries(targets.map(({ symbol, note }) => [symbol, note]))
    expect(Object.keys(of).sort()).toEqual(['BOUGHT', 'FIFTHHELD', 'OUT', 'SILENT', 'SOLD', 'WATCHEDHELD'])
    expect(notes).toMatchObject({
      OUT: 'excluded since 2024-04-01: coal',
      SOLD: 'sell with a score of 30.0',
      SILENT: 'no signal',
    })
  })

  it('by inverse volatility give the calmer name more, and leave out one that has too little history', () => {
    const names = ['A', 'B', 'C'].map((symbol) => ({ symbol, price: 10, z: 1 }))
    const bars = new Map([
      ['A', swinging('A', 0.02, 1)],
      ['B', swinging('B', 0.04, 1)],
      ['C', swinging('C', 0.01, 1, 10)],
    ])
    const rules = { ...portfolio, method: 'inverse-volatility' as const, covariance: 'sample' as const }
    const { of } = weights({ names, cash: 1000, mandate: { portfolio: rules } }, bars)
    expect(of.A / of.B).toBeCloseTo(2, 1)
    expect(of.C).toBeUndefined()
  })

  it.each(['inverse-volatility', 'min-variance', 'risk-parity', 'hrp'] as const)(
    'by %s are refused, not zero, when no returns are there',
    (method) => {
      const names = [{ symbol: 'A', price: 10, z: 1, held: 5 }]
      expect(request({ names, cash: 1000, mandate: { portfolio: { method } } }, new Map())).toEqual({
        refused: `None of 1 names has the returns that ${method} needs: run ingestion`,
      })
    },
  )

  it('are nothing, all of it unplaced, when nobody is to be bought', () => {
    const names = [{ symbol: 'A', price: 10, z: -1, band: 'sell' as const, score: 30 }]
    expect(request({ names, cash: 1000 })).toEqual({ targets: [], unplaced: 0.95 })
  })
})

describe('asset classes', () => {
  const fund = (equities: number, coins: number, assetClass = 0.02): MadeFund => ({
    names: [
      { symbol: 'A', held: equities, price: 1, z: 1, score: 60 },
      { symbol: 'B', held: 0, price: 1, z: 1, score: 60 },
      { symbol: 'BTC-USD', sector: 'Crypto', held: coins, price: 1, z: 1, score: 60 },
    ],
    cash: 100 - equities - coins,
    mandate: {
      portfolio: { ...portfolio, cash: 0.1, band: { assetClass } },
      universe: {
        listings: [
          { symbol: 'A', sector: 'Energy' },
          { symbol: 'B', sector: 'Energy' },
          { symbol: 'BTC-USD', sector: 'Crypto', exchange: '24/7' },
        ],
      },
    },
  })

  it('within their band stay where they drifted, their names in proportion', () => {
    // Wanted 60 % and 30 %; held 61.5 % and 29 %.
    const { of, targets } = weights(fund(61.5, 29))
    expect(of.A).toBeCloseTo(0.615 / 2 - 0.005 / 2, 12) // 0.5 pp less, or there would be less cash than the rule's
    expect(of['BTC-USD']).toBeCloseTo(0.29, 12)
    expect(targets.find(({ symbol }) => symbol === 'BTC-USD')?.note).toContain(
      'crypto is left at 29.00 %, within 2.00 % of 30.00 %',
    )
  })

  it('beyond it go back to their target', () => {
    expect(weights(fund(50, 35)).of).toEqual({ A: 0.3, B: 0.3, 'BTC-USD': 0.3 })
  })

  it('do not matter when there is one, or none is held yet', () => {
    const { names, ...rest } = fund(94, 0)
    expect(weights({ ...rest, names: names.slice(0, 2) }).of).toEqual({ A: 0.45, B: 0.45 })
    expect(weights({ ...fund(0, 0, 1), initialFunding: true }).of['BTC-USD']).toBeCloseTo(0.3, 12)
  })
})

describe('what nobody holds or signals', () => {
  it('is in no target', () => {
    const point: StartingPoint = deliberation({ names: [{ symbol: 'A', price: 1 }], cash: 1 }).point
    expect(point.names.length).toBe(1)
    expect(request({ names: [{ symbol: 'A', price: 1 }], cash: 1 })).toMatchObject({ targets: [] })
  })
})
