import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldBook, positionsHeld } from '../../../../shared/domain/ledger/fold-book.ts'
import { lotSales } from '../../../../shared/domain/ledger/lot-sales.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import { compare, decimal, sum, toText } from '../../../../shared/domain/money/decimal.ts'
import { anyEntries, trade } from './made-entries.ts'

describe('the lots that sales took', () => {
  it('are the oldest ones, on the share count of the sale', () => {
    const shares = (quantity: string, price: string) => ({ quantity: decimal(quantity), price: decimal(price) })
    const sales = lotSales([
      trade({ session: '2024-01-02', ...shares('10', '100') }),
      trade({ session: '2024-01-03', ...shares('5', '120') }),
      { kind: 'split', key: 'split', session: session('2024-01-04'), symbol: 'A', ratio: decimal(2) },
      trade({ session: '2024-01-05', side: 'sell', ...shares('24', '60') }),
      trade({ session: '2024-01-08', side: 'sell', ...shares('6', '61') }),
    ])
    const texts = sales.map(({ acquired, sold, quantity, costPrice, price }) =>
      [acquired, sold, toText(quantity), toText(costPrice), toText(price)].join(' '),
    )
    expect(texts).toEqual([
      '2024-01-02 2024-01-05 20 50 60',
      '2024-01-03 2024-01-05 4 60 60',
      '2024-01-03 2024-01-08 6 60 61',
    ])
  })

  it('add up to what was sold, and none is older than what is still held', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const sales = lotSales(entries)
        const sold = entries.filter((entry) => entry.kind === 'trade' && entry.side === 'sell')
        expect(toText(sum(sales.map(({ quantity }) => quantity)))).toBe(
          toText(sum(sold.map((entry) => ('quantity' in entry ? entry.quantity : decimal(0))))),
        )
        const held = new Map(positionsHeld(foldBook(entries)).map(({ symbol, lots }) => [symbol, lots[0].session]))
        for (const { symbol, acquired, sold: on, quantity } of sales) {
          expect(acquired <= on).toBe(true)
          expect(compare(quantity, decimal(0))).toBe(1)
          const oldest = held.get(symbol)
          if (oldest !== undefined) expect(acquired <= oldest).toBe(true)
        }
      }),
    )
  })
})
