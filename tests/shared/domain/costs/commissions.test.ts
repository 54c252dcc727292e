import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alpacaCommissionBps } from '../../../../shared/domain/costs/alpaca.ts'
import { ibkrFixedCommission } from '../../../../shared/domain/costs/ibkr-fixed.ts'
import { IBKR_TIERED, ibkrTieredCommission } from '../../../../shared/domain/costs/ibkr-tiered.ts'
import { type RegulatoryFee, regulatorySellFees } from '../../../../shared/domain/costs/regulatory-fees.ts'
import type { Session } from '../../../../shared/domain/market/session.ts'
import { REFERENCE } from './reference.ts'

describe("Interactive Brokers' fixed price", () => {
  it.each(REFERENCE.ibkr_examples.fixed)("is the broker's: $quantity shares at $price cost $commission", (example) => {
    const { quantity, price, commission } = example
    expect(ibkrFixedCommission(quantity, quantity * price)).toBeCloseTo(commission, 10)
  })

  it('has a minimum of a dollar, and a cap that wins over it', () => {
    expect(ibkrFixedCommission(100, 5000)).toBe(1)
    expect(ibkrFixedCommission(10, 20)).toBe(0.2)
  })
})

describe("Interactive Brokers' tiered price", () => {
  it.each(REFERENCE.ibkr_examples.tiered)("is the broker's: $quantity shares cost $commission", (example) => {
    const { quantity, price, commission, clearing } = example
    expect(ibkrTieredCommission(quantity, quantity * price, 0)).toBeCloseTo(commission, 6)
    expect(IBKR_TIERED.clearingPerShare * quantity).toBeCloseTo(clearing, 6)
  })

  it.each(REFERENCE.tiered)('goes on from the shares of the month: $quantity after $traded', (row) => {
    const found = ibkrTieredCommission(row.quantity, row.quantity * 100, row.traded)
    expect(found).toBeCloseTo(Math.max(0.35, row.by_share), 6)
  })

  it('has a minimum, and a cap that wins over it', () => {
    expect(ibkrTieredCommission(10, 1000, 0)).toBe(0.35)
    expect(ibkrTieredCommission(10, 20, 0)).toBe(0.2)
  })

  it('charges two orders like one, apart from the minimum', () => {
    const shares = fc.integer({ min: 100, max: 150_000_000 })
    fc.assert(
      fc.property(shares, shares, shares, (first, second, before) => {
        const two =
          ibkrTieredCommission(first, first * 50, before) + ibkrTieredCommission(second, second * 50, before + first)
        const one = ibkrTieredCommission(first + second, (first + second) * 50, before)
        // Under 700 shares the minimum may count.
        expect(two).toBeGreaterThanOrEqual(one - 1e-6 * one)
        if (first > 700 && second > 700) expect(two).toBeCloseTo(one, 5)
      }),
    )
  })
})

it("Alpaca's commission is for crypto alone", () => {
  expect(alpacaCommissionBps('equity', 'taker')).toBe(0)
  expect([alpacaCommissionBps('crypto', 'maker'), alpacaCommissionBps('crypto', 'taker')]).toEqual([15, 25])
})

describe('regulatory fees', () => {
  const on = (text: string) => text as Session
  const fees: readonly RegulatoryFee[] = [
    { name: 'value', from: on('2024-05-22'), perMillion: 27.8 },
    { name: 'value', from: on('2025-05-14'), perMillion: 0 },
    { name: 'shares', from: on('2024-01-01'), perShare: 0.000166, mostPerOrder: 8.3 },
  ]

  it('are those in force on the day', () => {
    expect(regulatorySellFees(fees, on('2023-12-29'), 1000, 50_000)).toBe(0)
    expect(regulatorySellFees(fees, on('2024-05-21'), 1000, 50_000)).toBeCloseTo(0.166, 12)
    expect(regulatorySellFees(fees, on('2024-05-22'), 1000, 50_000)).toBeCloseTo(0.166 + 1.39, 12)
    expect(regulatorySellFees([...fees].reverse(), on('2025-05-14'), 1000, 50_000)).toBeCloseTo(0.166, 12)
  })

  it('stop at the most an order pays', () => {
    expect(regulatorySellFees(fees, on('2025-06-02'), 1_000_000, 5e7)).toBe(8.3)
  })
})
