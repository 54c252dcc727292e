import { describe, expect, it } from 'vitest'
import { findOpen } from '../../../../shared/domain/execution/find-open.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import { daily } from '../../../contracts/made-bars.ts'

const order = { symbol: 'A', session: session('2024-03-28') }
// Friday the 29th is Good Friday.
const bars = daily('A', { '2024-03-27': 9, '2024-03-28': 10, '2024-04-01': 11, '2024-04-05': 12 })
const without = (...dates: string[]) => {
  const closes = { '2024-03-27': 9, '2024-03-28': 10, '2024-04-01': 11, '2024-04-05': 12 }
  return daily('A', Object.fromEntries(Object.entries(closes).filter(([date]) => !dates.includes(date))))
}

describe('the open an order is filled at', () => {
  it('is that of its own session', () => {
    expect(findOpen(order, bars, session('2024-04-05'))).toEqual({ session: '2024-03-28', price: 9.75 })
  })

  it('is the next one of five sessions when the symbol did not trade', () => {
    expect(findOpen(order, without('2024-03-28'), session('2024-04-02'))).toEqual({
      session: '2024-04-01',
      price: 10.75,
    })
  })

  it('is waited for, and then no more', () => {
    const late = without('2024-03-28', '2024-04-01')
    expect(findOpen(order, late, session('2024-03-27'))).toBe('waits')
    expect(findOpen(order, late, session('2024-04-03'))).toBe('waits')
    expect(findOpen(order, late, session('2024-04-04'))).toBe('expired')
    expect(findOpen(order, undefined, session('2024-04-05'))).toBe('expired')
    expect(findOpen(order, undefined, session('2024-04-01'))).toBe('waits')
  })

  it('is none without a price', () => {
    const broken = daily('A', { '2024-03-28': Number.NaN, '2024-04-01': 0.25, '2024-04-02': 8 })
    expect(findOpen(order, broken, session('2024-04-02'))).toEqual({ session: '2024-04-02', price: 7.75 })
  })

  it('is a coin’s day after: the order’s own began before the morning that decides', () => {
    const coin = daily('BTC-USD', { '2024-03-28': 10, '2024-03-29': 11 })
    const found = findOpen({ symbol: 'BTC-USD', session: session('2024-03-28') }, coin, session('2024-04-01'))
    expect(found).toEqual({ session: '2024-03-29', price: 10.75 })
  })

  it('does not know what comes after the last session', () => {
    expect(findOpen(order, bars, session('2024-03-27'))).toBe('waits')
  })
})
