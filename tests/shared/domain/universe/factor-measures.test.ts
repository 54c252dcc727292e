import { describe, expect, it } from 'vitest'
import { concatBars, sliceBars } from '../../../../shared/domain/market/bar.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'
import { factorMeasures } from '../../../../shared/domain/universe/factor-measures.ts'
import { madeSeries } from './made-series.ts'
import { AS_OF, MANDATE } from './reference-market.ts'

const xnys = tradingCalendar('XNYS')

describe('factors', () => {
  const measuresOf = (closes: readonly number[]) => factorMeasures(madeSeries(closes), xnys, AS_OF, MANDATE.factors)

  it('of a price that never moves: no return, no risk, no Sharpe ratio, an RSI in the middle', () => {
    expect(measuresOf(Array.from({ length: 260 }, () => 10))).toEqual({
      momentum: { '21': 0, '63': 0, '126': 0, '252': 0 },
      volatility: 0,
      rsi: 50,
      sharpe: Number.NaN,
    })
  })

  it('are unknown for a history that is too short for them', () => {
    const closes = Array.from({ length: 31 }, (_, i) => 10 + (i % 2))
    expect(measuresOf(closes)).toMatchObject({ momentum: { '63': Number.NaN }, rsi: Number.NaN })
    expect(measuresOf(closes).volatility).toBeGreaterThan(0)
    expect(measuresOf(closes.slice(1)).volatility).toBeNaN()
  })

  it('reach across a missing bar to the close before, five sessions and no further', () => {
    const series = madeSeries(Array.from({ length: 30 }, (_, i) => 100 + i))
    const without = (rows: number) =>
      concatBars([sliceBars(series, 0, 9 - rows), sliceBars(series, 9, series.at.length)])
    const momentum = (rows: number) => {
      const rules = { ...MANDATE.factors, momentumSessions: [21] }
      return factorMeasures(without(rows), xnys, AS_OF, rules).momentum['21']
    }
    expect(momentum(0)).toBeCloseTo(129 / 108 - 1, 12)
    expect(momentum(5)).toBeCloseTo(129 / 103 - 1, 12)
    expect(momentum(6)).toBeNaN()
  })
})
