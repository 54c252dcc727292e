import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../../../shared/domain/ledger/entry.ts'
import { findRefusal } from '../../../../shared/domain/ledger/find-refusal.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import { decimal } from '../../../../shared/domain/money/decimal.ts'
import { anyEntries, trade } from './made-entries.ts'

const flow = (date: string, amount: string): LedgerEntry => ({
  ...{ kind: 'flow', key: `flow ${date}`, session: session(date) },
  ...{ amount: decimal(amount), reason: 'made' },
})
const buy = (date: string, price: string) => trade({ session: date, price: decimal(price) })
const sell = (date: string) => trade({ session: date, side: 'sell', price: decimal(1) })

const refused = (recorded: readonly LedgerEntry[], added: readonly LedgerEntry[]) => {
  const found = findRefusal(recorded, added)
  return found && [found.entry.key, found.reason]
}

describe('what speaks against entries', () => {
  const recorded = [flow('2024-01-02', '100'), buy('2024-01-03', '60'), sell('2024-01-10')]

  it('is nothing where all is right', () => {
    expect(refused(recorded, [buy('2024-01-04', '40')])).toBeUndefined()
    expect(refused([], [])).toBeUndefined()
  })

  it('is a sale of more than is held, then or later', () => {
    expect(refused(recorded, [sell('2024-01-11')])).toEqual([
      '2024-01-11-A-sell',
      '1 A sold, but 0 are held on 2024-01-11',
    ])
    expect(refused(recorded, [sell('2024-01-04')])).toEqual([
      '2024-01-04-A-sell',
      '1 A sold, but 0 are held on 2024-01-10',
    ])
  })

  it('is cash below zero at the end of a session, then or later', () => {
    expect(refused(recorded, [buy('2024-01-04', '40.01')])).toEqual([
      '2024-01-04-A-buy',
      'cash would be -0.01 after 2024-01-04',
    ])
    const later = [flow('2024-01-02', '100'), buy('2024-01-05', '60')]
    expect(refused(later, [buy('2024-01-04', '50')])).toEqual([
      '2024-01-04-A-buy',
      'cash would be -10 after 2024-01-05',
    ])
  })

  it('is not what a sale of the same session pays for', () => {
    const held = [flow('2024-01-02', '100'), buy('2024-01-03', '100')]
    expect(
      refused(held, [trade({ session: '2024-01-04', symbol: 'B', price: decimal(1) }), sell('2024-01-04')]),
    ).toBeUndefined()
  })

  it('is never blamed on what is known, or was wrong before', () => {
    const wrong = [buy('2024-01-03', '60')]
    expect(refused(wrong, wrong)).toBeUndefined()
    expect(refused(wrong, [flow('2024-01-02', '10')])).toBeUndefined()
    fc.assert(
      fc.property(anyEntries, (entries) => {
        expect(findRefusal(entries, entries)).toBeUndefined()
      }),
    )
  })
})
