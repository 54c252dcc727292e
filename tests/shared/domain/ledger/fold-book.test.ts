import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../../../shared/domain/ledger/entry.ts'
import { applyEntry, EMPTY_BOOK, foldBook, positionsHeld } from '../../../../shared/domain/ledger/fold-book.ts'
import { tradeValue } from '../../../../shared/domain/ledger/trade-value.ts'
import { session } from '../../../../shared/domain/market/session.ts'
import {
  add,
  compare,
  type Decimal,
  decimal,
  multiply,
  subtract,
  sum,
  toNumber,
  toText,
  ZERO,
} from '../../../../shared/domain/money/decimal.ts'
import { anyEntries, trade } from './made-entries.ts'

interface ReferenceEntry {
  readonly session: string
  readonly kind: 'flow' | 'opening' | 'split' | 'dividend' | 'buy' | 'sell'
  readonly [field: string]: string
}

interface ReferencePosition {
  readonly symbol: string
  readonly quantity: number
  readonly cost: number
  readonly averageCost: number
  readonly realised: number
  readonly dividends: string
  readonly fees: string
  readonly lots: readonly { readonly session: string; readonly quantity: number; readonly price: number }[]
}

interface Reference {
  readonly entries: readonly ReferenceEntry[]
  readonly book: {
    readonly cash: string
    readonly paidIn: string
    readonly dividends: string
    readonly fees: string
    readonly realised: number
    readonly positions: readonly ReferencePosition[]
  }
}

const reference: Reference = JSON.parse(readFileSync(new URL('../../../reference/book.json', import.meta.url), 'utf8'))

const SPLIT_SESSION = session('2024-01-08')

function toEntry({ session: date, kind, ...texts }: ReferenceEntry, i: number): LedgerEntry {
  const at = { key: `entry-${String(i).padStart(2, '0')}`, session: session(date) }
  const symbol = texts.symbol
  const number = (name: string) => decimal(texts[name])
  switch (kind) {
    case 'flow':
      return { ...at, kind, amount: number('amount'), reason: 'reference' }
    case 'opening':
      return { ...at, kind, symbol, quantity: number('quantity'), price: number('price') }
    case 'split':
      return { ...at, kind, symbol, ratio: number('ratio') }
    case 'dividend': {
      const amounts = { gross: number('gross'), withheld: number('withheld'), net: number('net') }
      return { ...at, kind, symbol, quantity: number('quantity'), perShare: number('perShare'), ...amounts }
    }
    default:
      return trade({
        ...at,
        symbol,
        side: kind,
        quantity: number('quantity'),
        price: number('price'),
        fee: number('fee'),
      })
  }
}

const near = (found: Decimal, expected: number) => expect(toNumber(found)).toBeCloseTo(expected, 7)
const texts = (entries: readonly LedgerEntry[]) => JSON.stringify(shown(foldBook(entries)))

/** The book as text, for comparing. */
function shown({ positions, ...rest }: ReturnType<typeof foldBook>) {
  return { ...rest, positions: [...positions.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1)) }
}

describe('a book', () => {
  it('is the one that exact arithmetic elsewhere gives for forty entries with splits', () => {
    const book = foldBook(reference.entries.map(toEntry))
    const { positions, realised, ...amounts } = reference.book
    for (const name of ['cash', 'paidIn', 'dividends', 'fees'] as const) {
      expect(toText(book[name])).toBe(toText(decimal(amounts[name])))
    }
    near(book.realised, realised)
    expect([...book.positions.keys()].sort()).toEqual(positions.map(({ symbol }) => symbol))
    for (const expected of positions) {
      const found = book.positions.get(expected.symbol)!
      for (const name of ['quantity', 'cost', 'averageCost', 'realised'] as const) near(found[name], expected[name])
      expect(toText(found.dividends)).toBe(toText(decimal(expected.dividends)))
      expect(toText(found.fees)).toBe(toText(decimal(expected.fees)))
      expect(found.lots.map((lot) => lot.session)).toEqual(expected.lots.map((lot) => lot.session))
      for (const [i, lot] of expected.lots.entries()) {
        near(found.lots[i].quantity, lot.quantity)
        near(found.lots[i].price, lot.price)
      }
    }
  })

  it('has as cash the flows, net dividends and sales less the buys and fees', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const cash = entries.map((entry) => {
          if (entry.kind === 'flow') return entry.amount
          if (entry.kind === 'dividend') return entry.net
          if (entry.kind !== 'trade') return ZERO
          const value = tradeValue(entry.quantity, entry.price)
          return entry.side === 'sell' ? subtract(value, entry.fee) : subtract(subtract(ZERO, value), entry.fee)
        })
        expect(toText(foldBook(entries).cash)).toBe(toText(sum(cash)))
      }),
    )
  })

  it('is worth what was paid in, realised, unrealised and received, less fees, to the last digit', () => {
    const price = (symbol: string) => decimal({ A: '17.31', B: '0.0001', C: '912.5' }[symbol] ?? '1')
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const book = foldBook(entries)
        const held = positionsHeld(book)
        const worth = sum(held.map(({ symbol, quantity }) => multiply(quantity, price(symbol))))
        const cost = sum([...book.positions.values()].map((position) => position.cost))
        const gains = add(book.realised, subtract(worth, cost))
        const found = subtract(add(book.cash, worth), book.paidIn)
        expect(toText(found)).toBe(toText(subtract(add(gains, book.dividends), book.fees)))
        for (const name of ['realised', 'dividends', 'fees'] as const) {
          expect(toText(book[name])).toBe(toText(sum([...book.positions.values()].map((position) => position[name]))))
        }
      }),
    )
  })

  it('does not depend on the order of recording, and is the same entry by entry', () => {
    const shuffled = anyEntries.chain((entries) =>
      fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
    )
    fc.assert(
      fc.property(shuffled, ([entries, others]) => {
        expect(texts(others)).toBe(texts(entries))
        expect(JSON.stringify(shown(entries.reduce(applyEntry, EMPTY_BOOK)))).toBe(texts(entries))
      }),
    )
  })

  it('never holds less than nothing, and the lots are what is held', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        let book = EMPTY_BOOK
        for (const entry of entries) {
          book = applyEntry(book, entry)
          for (const { quantity, lots, cost } of book.positions.values()) {
            expect(compare(quantity, ZERO)).toBeGreaterThanOrEqual(0)
            expect(toText(sum(lots.map((lot) => lot.quantity)))).toBe(toText(quantity))
            expect(lots.every((lot) => compare(lot.quantity, ZERO) > 0)).toBe(true)
            if (lots.length === 0) expect(toText(cost)).toBe('0')
          }
        }
      }),
    )
  })

  it('is worth the same on either side of a split', () => {
    fc.assert(
      fc.property(anyEntries, fc.constantFrom('2', '10', '0.5', '0.1', '1.25'), (entries, ratio) => {
        const before = foldBook(entries)
        const next = session('2024-02-01')
        const after = applyEntry(before, { kind: 'split', key: 's', session: next, symbol: 'A', ratio: decimal(ratio) })
        const [old, now] = [before.positions.get('A'), after.positions.get('A')]
        if (!old || !now) return
        expect(toText(now.cost)).toBe(toText(old.cost))
        near(now.quantity, toNumber(old.quantity) * Number(ratio))
        expect(toText(after.cash)).toBe(toText(before.cash))
      }),
    )
  })

  it('takes a morning’s split before its dividend and sales before the buys they pay for', () => {
    const day = { session: SPLIT_SESSION }
    const entries: LedgerEntry[] = [
      trade({ session: '2024-01-08', key: 'a', quantity: decimal(1), price: decimal(30) }),
      trade({ session: '2024-01-08', key: 'z', side: 'sell', quantity: decimal(20), price: decimal(26) }),
      { ...day, kind: 'split', key: 'y', symbol: 'A', ratio: decimal(2) },
      trade({ session: '2024-01-05', key: 'b', quantity: decimal(10), price: decimal(50) }),
    ]
    const book = foldBook(entries)
    expect(positionsHeld(book).map(({ quantity, averageCost }) => [toText(quantity), toText(averageCost)])).toEqual([
      ['1', '30'],
    ])
    expect(toText(book.realised)).toBe('20')
    expect(book.positions.get('A')?.opened).toBe('2024-01-08')
  })

  it('keeps a closed position at zero with what it earned', () => {
    const book = foldBook([
      trade({ session: '2024-01-05', quantity: decimal(3), price: decimal('10.01'), fee: decimal(1) }),
      trade({ session: '2024-01-08', side: 'sell', quantity: decimal(3), price: decimal('11.01'), fee: decimal(2) }),
    ])
    const { quantity, averageCost, cost, realised, fees } = book.positions.get('A')!
    expect([quantity, averageCost, cost, realised, fees].map(toText)).toEqual(['0', '0', '0', '3', '3'])
    expect(positionsHeld(book)).toEqual([])
    expect(toText(book.cash)).toBe('0')
  })

  it('passes over a split of what is not held', () => {
    const split = { kind: 'split', key: 's', session: SPLIT_SESSION, symbol: 'A', ratio: decimal(2) } as const
    expect(foldBook([split]).positions.size).toBe(0)
  })

  it.each([
    [
      'a sale of more than is held',
      [trade({ session: '2024-01-05' }), trade({ session: '2024-01-08', side: 'sell', quantity: decimal('1.5') })],
      '1.5 A sold, but 1 are held',
    ],
    ['a sale of what was never held', [trade({ session: '2024-01-08', side: 'sell' })], '1 A sold, but 0 are held'],
    [
      'a quantity of nothing',
      [trade({ session: '2024-01-08', key: 'k', quantity: ZERO })],
      'Entry k: quantity 0, expected one above zero',
    ],
    [
      'a ratio below zero',
      [{ kind: 'split', key: 'k', session: SPLIT_SESSION, symbol: 'A', ratio: decimal(-2) } as const],
      'Entry k: ratio -2, expected one above zero',
    ],
  ])('refuses %s', (_, entries, message) => {
    expect(() => foldBook(entries)).toThrow(new RangeError(message))
  })

  it('refuses an entry of a session that is behind it', () => {
    const book = applyEntry(EMPTY_BOOK, trade({ session: '2024-01-08' }))
    expect(() => applyEntry(book, trade({ session: '2024-01-05', key: 'late' }))).toThrow(
      'Entry late is of 2024-01-05, the book is through 2024-01-08',
    )
  })
})
