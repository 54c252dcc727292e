import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fundCurve } from '../../../../shared/domain/console/fund-curve.ts'
import { periodProfits } from '../../../../shared/domain/console/period-profit.ts'
import { priceView } from '../../../../shared/domain/console/price-view.ts'
import { sectorWeights, weightsAndTargets } from '../../../../shared/domain/console/weights.ts'
import type { BarSeries } from '../../../../shared/domain/market/bar.ts'
import { DAY_MS, type Session, sessionToMs } from '../../../../shared/domain/market/session.ts'
import { decimal, toText } from '../../../../shared/domain/money/decimal.ts'
import type { Snapshot } from '../../../../shared/domain/monitoring/snapshot.ts'
import { madeSnapshots } from '../../../functions/console/made-fund.ts'

const snapshot = (session: string, part: Partial<Snapshot>): Snapshot => ({
  ...madeSnapshots(1)[0],
  session: session as Session,
  ...part,
})

function near(found: Float64Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 10)
}

describe('the curve of a fund', () => {
  it('links returns, flows aside, and hangs its drawdown from the highest so far', () => {
    const curve = fundCurve([
      snapshot('2026-01-05', { value: decimal('990'), return: -0.01, benchmarkReturn: 0.02 }),
      snapshot('2026-01-06', { value: decimal('2089'), return: 0.1, benchmarkReturn: undefined }),
      snapshot('2026-01-07', { value: decimal('1671.2'), return: -0.2, benchmarkReturn: 0.5 }),
    ])
    expect([...curve.at]).toEqual(
      ['2026-01-05', '2026-01-06', '2026-01-07'].map((date) => sessionToMs(date as Session)),
    )
    expect([...curve.value]).toEqual([990, 2089, 1671.2])
    near(curve.growth, [99, 108.9, 87.12])
    near(curve.benchmark, [102, 102, 153])
    near(curve.drawdown, [-0.01, 0, -0.2])
  })

  it('is flat where a return is not known', () => {
    const curve = fundCurve([snapshot('2026-01-05', { return: undefined }), snapshot('2026-01-06', { return: 0.5 })])
    expect([...curve.growth]).toEqual([100, 150])
  })
})

describe('where the profit came from', () => {
  it('adds up over the session, the month, the year and all of it', () => {
    const part = {
      realised: decimal('1'),
      unrealised: decimal('2'),
      income: decimal('0.5'),
      fees: decimal('0.1'),
      costs: decimal('0.3'),
    }
    const profits = periodProfits(
      ['2025-12-31', '2026-01-02', '2026-02-02', '2026-02-03'].map((session) =>
        snapshot(session, { ...part, profit: decimal('3.2'), flow: decimal('10') }),
      ),
    )
    expect(profits.map(({ period, from, sessions }) => [period, from, sessions])).toEqual([
      ['session', '2026-02-03', 1],
      ['month', '2026-02-02', 2],
      ['year', '2026-01-02', 3],
      ['all', '2025-12-31', 4],
    ])
    const all = profits[3]
    expect(
      [all.realised, all.unrealised, all.income, all.fees, all.slippage, all.profit, all.flow].map(toText),
    ).toEqual(['4', '8', '2', '0.4', '0.8', '12.8', '40'])
    expect(periodProfits([])).toEqual([])
  })
})

describe('weights beside their targets', () => {
  const mark = (symbol: string, sector: string, weight: number) => ({ symbol, sector, weight })

  it('has every name that is held or wanted, the largest first', () => {
    const marks = [mark('A', 'X', 0.02), mark('B', 'Y', 0.05)]
    const targets = [mark('C', 'X', 0.03), mark('B', 'Y', 0.04)]
    expect(weightsAndTargets(marks, targets)).toEqual([
      { name: 'B', weight: 0.05, target: 0.04 },
      { name: 'A', weight: 0.02, target: 0 },
      { name: 'C', weight: 0, target: 0.03 },
    ])
    expect(sectorWeights(marks, targets)).toEqual([
      { name: 'Y', weight: 0.05, target: 0.04 },
      { name: 'X', weight: 0.02, target: 0.03 },
    ])
  })

  it('knows no targets before the first rebalance', () => {
    expect(weightsAndTargets([mark('A', 'X', 0.02)], [])).toEqual([{ name: 'A', weight: 0.02, target: Number.NaN }])
  })

  it('loses nothing by gathering names into sectors', () => {
    const some = fc.array(
      fc.record({
        symbol: fc.constantFrom(...'ABCDEF'),
        sector: fc.constantFrom('X', 'Y', 'Z'),
        weight: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
      }),
    )
    fc.assert(
      fc.property(some, some, (marks, targets) => {
        const sum = (of: readonly { readonly weight: number }[]) => of.reduce((total, { weight }) => total + weight, 0)
        expect(sum(sectorWeights(marks, targets))).toBeCloseTo(sum(marks), 10)
        expect(sum(weightsAndTargets(marks, targets))).toBeCloseTo(sum(marks), 10)
      }),
    )
  })
})

describe('the price of a stock', () => {
  const windows = { trendSessions: [3, 5], bollinger: { period: 4, deviations: 2 } } as const
  const seriesOf = (close: readonly number[]): BarSeries => {
    const column = Float64Array.from(close)
    const at = column.map((_, i) => i * DAY_MS)
    return { symbol: 'A', basis: 'raw', at, open: column, high: column, low: column, close: column, volume: column }
  }

  it('has averages and a band at every session shown, once there is enough before it', () => {
    const view = priceView(seriesOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), windows, 4)
    expect([...view.close]).toEqual([7, 8, 9, 10])
    expect([...view.short]).toEqual([6, 7, 8, 9])
    expect([...view.long]).toEqual([5, 6, 7, 8])
    // Of four consecutive numbers the population deviation is √1.25.
    const distance = 2 * Math.sqrt(1.25)
    near(
      view.high,
      [5.5, 6.5, 7.5, 8.5].map((mean) => mean + distance),
    )
    near(
      view.low,
      [5.5, 6.5, 7.5, 8.5].map((mean) => mean - distance),
    )
  })

  it('has none where there is not, and nothing without bars', () => {
    expect([...priceView(seriesOf([1, 2]), windows, 4).long]).toEqual([Number.NaN, Number.NaN])
    expect(priceView(undefined, windows, 4).at).toHaveLength(0)
  })
})
