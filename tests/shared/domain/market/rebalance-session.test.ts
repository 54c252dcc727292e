import { describe, expect, it } from 'vitest'
import {
  dueRebalance,
  latestRebalanceSession,
  rebalanceSession,
  rebalanceSessions,
} from '../../../../shared/domain/market/rebalance-session.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import { tradingCalendar } from '../../../../shared/domain/market/trading-calendar.ts'

const calendar = tradingCalendar('XNYS')

describe('the session of a rebalance', () => {
  it.each([
    ['2024-01', '2024-01-02'], // New Year's Day was a Monday: the next session, not the next Monday
    ['2024-04', '2024-04-01'],
    ['2024-09', '2024-09-03'], // Labor Day
    ['2026-11', '2026-11-02'],
  ])('of %s', (month, expected) => {
    expect(rebalanceSession(month, calendar)).toBe(expected)
  })

  it('is last month’s before this month’s has come', () => {
    expect(latestRebalanceSession(session('2024-09-02'), calendar)).toBe('2024-08-05')
    expect(latestRebalanceSession(session('2024-09-03'), calendar)).toBe('2024-09-03')
  })

  it('is due on its morning, or on the next one when that was missed', () => {
    expect(dueRebalance(session('2024-09-03'), calendar)).toEqual({ month: '2024-09', session: '2024-09-03' })
    expect(dueRebalance(session('2024-09-17'), calendar)).toEqual({ month: '2024-09', session: '2024-09-17' })
    expect(dueRebalance(session('2024-08-01'), calendar)).toEqual({ month: '2024-07', session: '2024-08-01' })
  })

  it('lists every month of a range once', () => {
    const all = rebalanceSessions(session('2012-05-18'), session('2023-12-29'), calendar)
    expect(all).toHaveLength(139)
    expect(all[0]).toBe('2012-06-04')
    expect(all.at(-1)).toBe('2023-12-04')
    expect(new Set(all.map((date) => date.slice(0, 7))).size).toBe(139)
  })
})
