import fc from 'fast-check'
import { compareEntries } from '../../../../shared/domain/ledger/compare-entries.ts'
import type { LedgerEntry, Trade } from '../../../../shared/domain/ledger/entry.ts'
import { applyEntry, EMPTY_BOOK } from '../../../../shared/domain/ledger/fold-book.ts'
import { addDays, session } from '../../../../shared/domain/market/session.ts'
import {
  type Decimal,
  decimal,
  divide,
  isZero,
  multiply,
  roundTo,
  ZERO,
} from '../../../../shared/domain/money/decimal.ts'
import { toCents } from '../../../../shared/domain/money/scales.ts'

export function trade(given: Partial<Omit<Trade, 'session'>> & { readonly session: string }): Trade {
  const { side = 'buy', symbol = 'A', quantity = decimal(1), price = decimal(1), fee = ZERO, ...rest } = given
  const defaults = { key: `${given.session}-${symbol}-${side}`, kind: 'trade', origin: 'model', at: 0 } as const
  return { ...defaults, side, symbol, quantity, price, fee, ...rest, session: session(given.session) }
}

const SYMBOLS = ['A', 'B', 'C']

const money = (most: number) =>
  fc.integer({ min: 1, max: most * 10_000 }).map((n) => divide(decimal(n), decimal(10_000), 4))

/** A sale is drawn as a share of what is held, so that it can always be made. */
interface Drawn {
  readonly entry: LedgerEntry
  readonly share: Decimal
}

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    kind: fc.constantFrom('flow', 'opening', 'split', 'dividend', 'buy', 'buy', 'sell', 'sell'),
    day: fc.integer({ min: 0, max: 12 }),
    symbol: fc.constantFrom(...SYMBOLS),
    quantity: money(500),
    price: money(300),
    fee: money(5).map(toCents),
    key: fc.uuid(),
    share: fc.constantFrom('0.1', '0.3333', '0.5', '1').map(decimal),
    ratio: fc.constantFrom('2', '1.5', '4', '0.5', '0.3333333333333333').map(decimal),
  })
  .map(({ kind, day, symbol, quantity, price, fee, key, share, ratio }) => {
    const at = { key, session: addDays(session('2024-01-02'), day) }
    const entries: Record<typeof kind, LedgerEntry> = {
      flow: { ...at, kind: 'flow', amount: quantity, reason: 'made' },
      opening: { ...at, kind: 'opening', symbol, quantity, price },
      split: { ...at, kind: 'split', symbol, ratio },
      dividend: { ...at, kind: 'dividend', symbol, quantity, perShare: price, gross: price, withheld: fee, net: price },
      buy: trade({ ...at, symbol, side: 'buy', quantity, price, fee }),
      sell: trade({ ...at, symbol, side: 'sell', quantity, price, fee }),
    }
    return { entry: entries[kind], share }
  })

/** Entries of three symbols over two weeks, in their order, that a ledger would take. */
export const anyEntries: fc.Arbitrary<LedgerEntry[]> = fc
  .uniqueArray(drawn, { maxLength: 40, selector: ({ entry }) => entry.key })
  .map((all) => {
    let book = EMPTY_BOOK
    const made: LedgerEntry[] = []
    for (const { entry, share } of all.sort((a, b) => compareEntries(a.entry, b.entry))) {
      const held = 'symbol' in entry ? (book.positions.get(entry.symbol)?.quantity ?? ZERO) : ZERO
      const sold = roundTo(multiply(held, share), 10)
      const isSale = entry.kind === 'trade' && entry.side === 'sell'
      if (isSale && isZero(sold)) continue
      const possible = isSale ? { ...entry, quantity: sold } : entry
      book = applyEntry(book, possible)
      made.push(possible)
    }
    return made
  })
