import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../shared/domain/ledger/entry.ts'
import { foldBook } from '../../shared/domain/ledger/fold-book.ts'
import { session } from '../../shared/domain/market/session.ts'
import { decimal, toText } from '../../shared/domain/money/decimal.ts'
import { InputError } from '../../shared/ports/errors.ts'
import type { Ledger } from '../../shared/ports/ledger.ts'
import { anyEntries, trade } from '../shared/domain/ledger/made-entries.ts'
import { exactText } from './exact-text.ts'

const FUNDING: LedgerEntry = {
  kind: 'flow',
  key: 'funding',
  session: session('2024-01-02'),
  amount: decimal('1000000.01'),
  reason: 'made',
}
const BUY = trade({
  session: '2024-01-03',
  key: 'buy',
  quantity: decimal('12.0000000001'),
  price: decimal('187.1501'),
  fee: decimal('1.05'),
  order: '2024-01-03-A-buy',
  referencePrice: decimal(187.14999389648438),
  at: Date.UTC(2024, 0, 3, 14, 30),
})
const SPLIT: LedgerEntry = {
  kind: 'split',
  key: 'split',
  session: session('2024-01-08'),
  symbol: 'A',
  ratio: decimal(0.1),
}
const DIVIDEND: LedgerEntry = {
  kind: 'dividend',
  key: 'dividend',
  session: session('2024-01-08'),
  symbol: 'A',
  quantity: decimal('1.20000000001'),
  perShare: decimal('0.123456789'),
  gross: decimal('0.15'),
  withheld: decimal('0.02'),
  net: decimal('0.13'),
}
const OPENING: LedgerEntry = {
  kind: 'opening',
  key: 'opening',
  session: session('2024-01-08'),
  symbol: 'B',
  quantity: decimal('99999999999.000001'),
  price: decimal('0.00000001'),
}
const ALL = [FUNDING, BUY, OPENING, SPLIT, DIVIDEND]

/** What every ledger keeps to. `open` answers an empty one each time. */
export function ledgerContract(name: string, open: () => Promise<Ledger>): void {
  describe(`${name} as a ledger`, () => {
    it('gives every kind of entry back to the last digit, in the order of the fold, through a session', async () => {
      const ledger = await open()
      await ledger.record('made', [...ALL].reverse())

      expect(exactText(await ledger.entries())).toBe(exactText(ALL))
      expect((await ledger.entries(session('2024-01-05'))).map(({ key }) => key)).toEqual(['funding', 'buy'])
      expect(await ledger.entries(session('2024-01-01'))).toEqual([])
      const since = await ledger.entries(session('2024-01-08'), session('2024-01-03'))
      expect(since.map(({ key }) => key)).toEqual(['buy', 'opening', 'split', 'dividend'])
    })

    it('has the book of any session, the last one included', async () => {
      const ledger = await open()
      expect(exactText(await ledger.book())).toBe(exactText(foldBook([])))
      await fc.assert(
        fc.asyncProperty(anyEntries, fc.integer({ min: 1, max: 16 }), async (entries, day) => {
          const some = await open()
          const through = session(`2024-01-${String(day).padStart(2, '0')}`)
          const early = entries.filter((entry) => entry.session <= through)
          await some.record('made', early)
          expect(exactText(await some.book())).toBe(exactText(foldBook(early)))
          await some.record('made', entries)
          expect(exactText(await some.book())).toBe(exactText(foldBook(entries)))
          expect(exactText(await some.book(through))).toBe(exactText(foldBook(early)))
        }),
        { numRuns: 15 },
      )
    })

    it('records by key, and leaves alone what it knows', async () => {
      const ledger = await open()
      expect(await ledger.record('made', [FUNDING, FUNDING])).toMatchObject({ recorded: 1 })
      const changed = { ...FUNDING, amount: decimal(1) }
      const { recorded, book } = await ledger.record('made', [BUY, changed])

      expect(recorded).toBe(1)
      expect(toText(book.cash)).toBe('997753.16')
      expect(await ledger.record('made', [BUY])).toMatchObject({ recorded: 0 })
      expect(exactText(await ledger.entries())).toBe(exactText([FUNDING, BUY]))
    })

    it('answers the book of all entries, in whatever order and portions they came', async () => {
      const portions = anyEntries.chain((entries) =>
        fc.tuple(fc.constant(entries), fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 })),
      )
      await fc.assert(
        fc.asyncProperty(portions, async ([entries, places]) => {
          const ledger = await open()
          // Sales come in the portion of what they sell or later, so that no portion sells what is not there yet.
          let least = 0
          const portionOf = entries.map((_, i) => (least = Math.max(least, places[i])))
          let last = foldBook([])
          for (let portion = 0; portion <= 3; portion++) {
            const some = entries.filter((_, i) => portionOf[i] <= portion).reverse()
            last = (await ledger.record('made', some)).book
          }
          expect(exactText(last)).toBe(exactText(foldBook(entries)))
          expect(exactText(await ledger.entries())).toBe(exactText(entries))
        }),
        { numRuns: 15 },
      )
    })

    it('records nothing of a portion that sells more than is held', async () => {
      const ledger = await open()
      await ledger.record('made', [FUNDING])
      const sale = trade({ session: '2024-01-05', key: 'sale', side: 'sell', quantity: decimal(13) })

      await expect(ledger.record('made', [BUY, sale])).rejects.toThrow('13 A sold, but 12.0000000001 are held')
      expect(exactText(await ledger.entries())).toBe(exactText([FUNDING]))
    })

    it('belongs to the source of its first entry', async () => {
      const ledger = await open()
      expect(await ledger.source()).toBeUndefined()
      await ledger.record('made', [])
      expect(await ledger.source()).toBeUndefined()
      await ledger.record('made', [FUNDING])

      const other = ledger.record('yahoo', [BUY])
      await expect(other).rejects.toThrow(InputError)
      await expect(other).rejects.toThrow('The book is kept in prices of "made", found "yahoo"')
      expect(await ledger.source()).toBe('made')
    })
  })
}
