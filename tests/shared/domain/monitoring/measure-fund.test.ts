import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { decimal } from '../../../../shared/domain/money/decimal.ts'
import { driftFrom } from '../../../../shared/domain/monitoring/drift.ts'
import { measureFund } from '../../../../shared/domain/monitoring/measure-fund.ts'
import { monthlyReturns } from '../../../../shared/domain/monitoring/monthly-returns.ts'
import { resultOver } from '../../../../shared/domain/monitoring/result-over.ts'
import type { Figure, Snapshot } from '../../../../shared/domain/monitoring/snapshot.ts'
import { performanceSummary } from '../../../../shared/domain/performance/performance-summary.ts'
import { mark, snapshot } from './made-fund.ts'

const DATES = tradingCalendar('XNYS').sessions(session('2022-01-03'), session('2023-12-29'))
const INCOME = { target: 0.02 } as Parameters<typeof measureFund>[1]
const returnOf = (i: number) => 0.01 * Math.sin(i * i)
const marketReturn = (i: number) => 0.01 * Math.cos(i * 1.7)

const history = (sessions: number, part: (i: number) => Partial<Snapshot> = () => ({})): Snapshot[] =>
  DATES.slice(0, sessions).map((date, i) =>
    snapshot(date, { return: returnOf(i), benchmarkReturn: marketReturn(i), ...part(i) }),
  )
const measured = (snapshots: readonly Snapshot[], targets?: ReadonlyMap<string, number>) => {
  const marks = [mark('A', 0.5, { sector: 'Energy' }), mark('B', 0.3), mark('C', 0.15, { sector: 'Energy' })]
  const figures = measureFund({ snapshots, marks, targets }, INCOME)
  return new Map(figures.map((figure): [string, Figure] => [figure.name, figure]))
}

describe('the figures of a fund', () => {
  it('are those of its returns since inception and over the last 21, 63 and 252 sessions', () => {
    const figures = measured(history(300))
    for (const [suffix, first] of [
      ['', 0],
      ['_252', 48],
      ['_63', 237],
      ['_21', 279],
    ] as const) {
      const rows = Array.from({ length: 300 - first }, (_, i) => first + i)
      const expected = performanceSummary(rows.map(returnOf), {
        periodsPerYear: 252,
        benchmark: rows.map(marketReturn),
      })
      for (const [name, value, periodsPerYear] of [
        ['cumulative_return', expected.cumulativeReturn, undefined],
        ['sharpe', expected.sharpe, 252],
        ['max_drawdown', expected.maxDrawdown, undefined],
        ['cvar_95', expected.cvar95, undefined],
        ['beta', expected.beta, undefined],
        ['tracking_error', expected.trackingError, 252],
      ] as const) {
        expect(figures.get(name + suffix)).toEqual({ name: name + suffix, value, n: rows.length, periodsPerYear })
      }
    }
  })

  it('say that there is too little instead of a wild number', () => {
    const figures = measured(history(19))
    expect(figures.get('sharpe')).toEqual({ name: 'sharpe', insufficient: true, n: 19, needed: 20 })
    expect(figures.get('sharpe_21')).toEqual({ name: 'sharpe_21', insufficient: true, n: 19, needed: 21 })
    expect(figures.get('beta_252')).toEqual({ name: 'beta_252', insufficient: true, n: 19, needed: 252 })
    expect(figures.get('income_yield_252')).toMatchObject({ insufficient: true, n: 19, needed: 63 })
    expect(figures.get('drift')).toEqual({ name: 'drift', insufficient: true, n: 0, needed: 1 })
    expect(measured(history(20)).get('sharpe')).toMatchObject({ n: 20, periodsPerYear: 252 })
  })

  it('count only sessions in which something was invested, and pairs with the benchmark', () => {
    const figures = measured(
      history(40, (i) => (i < 10 ? { return: undefined } : i < 25 ? { benchmarkReturn: undefined } : {})),
    )
    expect(figures.get('sharpe')).toMatchObject({ n: 30 })
    expect(figures.get('beta')).toEqual({ name: 'beta', insufficient: true, n: 15, needed: 20 })
  })

  it('leave out what its definition leaves undefined', () => {
    const figures = measured(history(30, () => ({ return: 0.001 })))
    expect(figures.get('annual_return')).toMatchObject({ value: expect.closeTo(1.001 ** 252 - 1, 12) })
    expect(['sharpe', 'sortino', 'calmar'].filter((name) => figures.has(name))).toEqual([])
  })

  it('measure exposure, drift, turnover and income', () => {
    const dividends = (i: number) => ({ income: decimal(i % 21 === 0 ? '1.5' : 0), turnover: i === 250 ? 0.1 : 0.001 })
    const targets = new Map([
      ['A', 0.4],
      ['B', 0.3],
      ['D', 0.2],
    ])
    const figures = measured(history(300, dividends), targets)
    const value = (name: string) => {
      const figure = figures.get(name)
      return figure && 'value' in figure ? figure.value : undefined
    }
    expect(value('exposure.cash')).toBe(0.05)
    expect(value('exposure.sector.Energy')).toBeCloseTo(0.65, 14)
    expect(value('exposure.name.B')).toBe(0.3)
    expect(value('exposure.top_five')).toBeCloseTo(0.95, 14)
    // A is 0.1 over, C 0.15, D 0.2 under, cash 0.05 under: half of 0.5.
    expect(value('drift')).toBeCloseTo(0.25, 14)
    expect(value('turnover_252')).toBeCloseTo(0.351, 14)
    expect(value('income_yield_252')).toBeCloseTo((12 * 1.5) / 1000, 14)
    expect(value('income_over_target_252')).toBeCloseTo(0.9, 14)
    expect(value('drawdown')).toBeLessThanOrEqual(0)
  })

  it('have names of their own', () => {
    const snapshots = history(300)
    expect(measureFund({ snapshots, marks: [mark('A', 0.95)], targets: undefined }, INCOME)).toHaveLength(
      measured(snapshots).size - 3,
    )
  })
})

describe('drift', () => {
  it('is all that is invested when the targets are another fund’s, and nothing at the targets', () => {
    expect(driftFrom([mark('A', 0.9)], new Map([['B', 0.9]]))).toBeCloseTo(0.9, 14)
    expect(driftFrom([mark('A', 0.9)], new Map([['A', 0.9]]))).toBe(0)
    expect(driftFrom([], new Map([['A', 0.9]]))).toBeCloseTo(0.9, 14)
    expect(driftFrom([mark('A', Number.NaN)], new Map([['A', 0.9]]))).toBeUndefined()
  })
})

describe('returns by month', () => {
  it('are those that pandas compounds', () => {
    const { sessions, months } = JSON.parse(
      readFileSync(new URL('../../../reference/monthly-returns.json', import.meta.url), 'utf8'),
    ) as { sessions: { date: string; return: number }[]; months: Record<string, number> }
    const years = monthlyReturns(sessions.map((row) => ({ session: session(row.date), return: row.return })))
    const found = years.flatMap(({ year, months: values, whole }) => [
      [year, whole] as const,
      ...[...values].map((value, i) => [`${year}-${String(i + 1).padStart(2, '0')}`, value] as const),
    ])
    for (const [month, value] of found) {
      if (months[month] === undefined) expect(value).toBeNaN()
      else expect(value).toBeCloseTo(months[month], 13)
    }
    expect(found.filter(([, value]) => !Number.isNaN(value))).toHaveLength(Object.keys(months).length)
  })
})

describe('the result over several sessions', () => {
  it('is the sum of theirs, returns compounded', () => {
    const one = {
      flow: decimal(5),
      realised: decimal(3),
      unrealised: decimal(-1),
      income: decimal('0.5'),
      fees: decimal(1),
    }
    const days = [
      snapshot(DATES[0], {
        ...one,
        costs: decimal('1.25'),
        profit: decimal('1.25'),
        return: 0.1,
        benchmarkReturn: undefined,
      }),
      snapshot(DATES[1], { ...one, costs: decimal(1), profit: decimal('1.5'), return: -0.1, benchmarkReturn: 0.02 }),
    ]
    const { return: compounded, ...sums } = resultOver(days)
    expect(sums).toEqual({
      flow: decimal(10),
      realised: decimal(6),
      unrealised: decimal(-2),
      income: decimal(1),
      fees: decimal(2),
      slippage: decimal('0.25'),
      profit: decimal('2.75'),
      benchmarkReturn: expect.closeTo(0.02, 14),
      turnover: 0,
    })
    expect(compounded).toBeCloseTo(-0.01, 14)
  })
})
