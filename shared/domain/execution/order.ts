import type { Session } from '../market/session.ts'
import type { Decimal } from '../money/decimal.ts'

/** An order as a broker is given it. */
export interface BrokerOrder {
  readonly id: string
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  readonly quantity: Decimal
  /** The first session that it may be filled in. */
  readonly session: Session
  readonly source: string
}

export interface Fill {
  readonly order: string
  /** Distinguishes the fills of an order. */
  readonly execution: string
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  readonly quantity: Decimal
  readonly price: Decimal
  readonly fee: Decimal
  /** Price before half-spread and impact, where the broker knows it. */
  readonly referencePrice?: Decimal
  readonly session: Session
  /** UTC ms */
  readonly at: number
}
