import { describe, expect, it } from 'vitest'
import { mandateSchema } from '../../../../shared/domain/mandate/mandate.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { decimal } from '../../../../shared/domain/money/decimal.ts'
import { alertConditions } from '../../../../shared/domain/monitoring/alert-conditions.ts'
import type { PositionMark, Snapshot } from '../../../../shared/domain/monitoring/snapshot.ts'
import { mark, snapshot } from './made-fund.ts'

const LIMITS = mandateSchema.parse({}).alerts
const DATES = tradingCalendar('XNYS').sessions(session('2023-01-03'), session('2024-03-08'))

const UNCOMPARED = { benchmarkReturn: undefined }

const fund = (returns: readonly (number | undefined)[], part: Partial<Snapshot> = {}) =>
  returns.map((value, i) => snapshot(DATES[i], { return: value, benchmarkReturn: 0, ...part }))
const conditions = (
  snapshots: readonly Snapshot[],
  marks: readonly PositionMark[] = [],
  targets?: ReadonlyMap<string, number>,
) => alertConditions({ snapshots, marks, targets }, LIMITS)
const names = (...given: Parameters<typeof conditions>) => conditions(...given).map(({ alert }) => alert)

describe('the alert conditions', () => {
  it('hold for nothing in a quiet fund, nor in one that has nothing', () => {
    expect(conditions(fund(new Array(60).fill(0.0005)), [mark('A', 0.05)], new Map([['A', 0.05]]))).toEqual([])
    expect(conditions([])).toEqual([])
  })

  it('hold for a drawdown within the last 30 sessions, not for one before', () => {
    const fall = [-0.03, -0.03]
    expect(conditions(fund([0.01, ...fall, ...new Array(5).fill(0)]))).toEqual([
      {
        alert: 'drawdown',
        severity: 'critical',
        message: '5.91 % lost from the highest value of the last 30 sessions, limit 5.00 %',
        value: expect.closeTo(0.0591, 12),
        threshold: 0.05,
      },
    ])
    expect(names(fund([...fall, ...new Array(28).fill(0)], UNCOMPARED))).toEqual(['drawdown'])
    // The first loss is out of sight.
    expect(names(fund([...fall, ...new Array(29).fill(0)], UNCOMPARED))).toEqual([])
  })

  it('hold for a value at risk and a tracking error, once there are twenty returns', () => {
    const wild = (n: number) => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.04 : -0.0385))
    const risky = names(fund(wild(20)))
    expect(risky).toContain('value-at-risk')
    expect(risky).toContain('tracking-error')
    expect(names(fund(wild(19)))).not.toContain('value-at-risk')
    expect(names(fund([...wild(19), undefined]))).not.toContain('value-at-risk')
    // What is more than a year ago does not count any more.
    expect(names(fund([...wild(30), ...new Array(252).fill(0)]))).toEqual([])
  })

  it('hold for cash below zero, by its amount', () => {
    expect(conditions(fund([0], { cash: decimal('-12.5') }))).toEqual([
      { alert: 'negative-cash', severity: 'critical', message: 'Cash is -12.5, below zero', value: 12.5, threshold: 0 },
    ])
    expect(names(fund([0], { cash: decimal(0) }))).toEqual([])
  })

  it('hold for a name that is too large, lost too much or has an old price; a value at its limit is within it', () => {
    const marks = [
      mark('LARGE', 0.08),
      mark('LOST', 0.05, { value: decimal(89), unrealised: decimal(-11) }),
      mark('OLD', 0.05, { priceAge: 4, price: decimal('12.3') }),
      mark('LIMIT', 0.07, { value: decimal(90), unrealised: decimal(-10), priceAge: 3 }),
      mark('GIVEN', 0.01, { value: decimal(5), unrealised: decimal(5) }),
    ]
    expect(conditions(fund([0]), marks)).toEqual([
      {
        alert: 'name-weight:LARGE',
        severity: 'warning',
        message: 'LARGE is 8.00 % of the fund, limit 7.00 %',
        value: 0.08,
        threshold: 0.07,
      },
      {
        alert: 'price-age:OLD',
        severity: 'warning',
        message: 'OLD has had no close for 4 sessions and is carried at 12.3, limit 3',
        value: 4,
        threshold: 3,
      },
      {
        alert: 'unrealised-loss:LOST',
        severity: 'warning',
        message: 'LOST is 11.00 % below its cost, limit 10.00 %',
        value: 0.11,
        threshold: 0.1,
      },
    ])
  })

  it('hold for a fund that lies off its targets, where it has any', () => {
    const targets = new Map([['B', 0.6]])
    expect(names(fund([0]), [mark('A', 0.05)], targets)).toEqual(['drift'])
    expect(names(fund([0]), [mark('A', 0.05)])).toEqual([])
  })

  it('hold for nothing that cannot be known', () => {
    expect(names(fund([undefined]), [mark('A', Number.NaN)], new Map([['A', 1]]))).toEqual([])
  })
})
