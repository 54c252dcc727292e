import type { LedgerEntry } from '../../domain/ledger/entry.ts'
import { tradeValue } from '../../domain/ledger/trade-value.ts'
import type { Session } from '../../domain/market/session.ts'
import { decimal } from '../../domain/money/decimal.ts'

/** A row of `execution.entries`; numbers as exact text. */
export interface EntryRow {
  readonly key: string
  readonly session: Session
  readonly kind: LedgerEntry['kind']
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  readonly quantity: string
  readonly price: string
  readonly fee: string
  readonly ratio: string
  readonly gross: string
  readonly withheld: string
  readonly amount: string
  readonly reason: string
  readonly origin: 'model' | 'import' | 'reinvestment'
  readonly order_id: string | null
  readonly reference_price: string | null
  readonly at: number
}

/** What a row is given of an entry, as JSON: decimals become their text. */
export function toRow(entry: LedgerEntry): object {
  if (entry.kind === 'dividend') {
    const { perShare, net, ...rest } = entry
    return { ...rest, price: perShare, amount: net }
  }
  if (entry.kind === 'opening') return { ...entry, value: tradeValue(entry.quantity, entry.price) }
  if (entry.kind !== 'trade') return entry
  const { order, referencePrice, at, ...rest } = entry
  const value = tradeValue(entry.quantity, entry.price)
  return { ...rest, value, order_id: order, reference_price: referencePrice, at: new Date(at).toISOString() }
}

export function toEntry(row: EntryRow): LedgerEntry {
  const { key, session, kind, symbol } = row
  switch (kind) {
    case 'flow':
      return { kind, key, session, amount: decimal(row.amount), reason: row.reason }
    case 'opening':
      return { kind, key, session, symbol, quantity: decimal(row.quantity), price: decimal(row.price) }
    case 'split':
      return { kind, key, session, symbol, ratio: decimal(row.ratio) }
    case 'dividend': {
      const amounts = { gross: decimal(row.gross), withheld: decimal(row.withheld), net: decimal(row.amount) }
      return { kind, key, session, symbol, quantity: decimal(row.quantity), perShare: decimal(row.price), ...amounts }
    }
    case 'trade':
      return {
        ...{ kind, key, session, symbol, side: row.side, origin: row.origin, at: row.at },
        quantity: decimal(row.quantity),
        price: decimal(row.price),
        fee: decimal(row.fee),
        ...(row.order_id !== null && { order: row.order_id }),
        ...(row.reference_price !== null && { referencePrice: decimal(row.reference_price) }),
      }
  }
}
