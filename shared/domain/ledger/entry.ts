import type { Session } from '../market/session.ts'
import type { Decimal } from '../money/decimal.ts'

/**
 * What has happened to the fund's holdings and cash, each fact once, under a key that says what it is. The book is the fold of all entries
 * in order of (session, rank of the kind, key): on a morning the split comes before the dividend, the dividend before the trades.
 */
export type LedgerEntry = Flow | OpeningPosition | Split | Dividend | Trade

interface Recorded {
  /** Natural key: recording the same fact twice is recording it once. */
  readonly key: string
  readonly session: Session
}

/** Cash paid in (positive) or taken out (negative) from outside. Counts as there before the session opens. */
export interface Flow extends Recorded {
  readonly kind: 'flow'
  readonly amount: Decimal
  readonly reason: string
}

/** A holding that came from elsewhere, worth `quantity × price` then: an inflow in kind. */
export interface OpeningPosition extends Recorded {
  readonly kind: 'opening'
  readonly symbol: string
  readonly quantity: Decimal
  /** Average cost of a share. */
  readonly price: Decimal
}

/** New shares per old share; the cost of a lot stays. */
export interface Split extends Recorded {
  readonly kind: 'split'
  readonly symbol: string
  readonly ratio: Decimal
}

/** Cash of a dividend, by ex-date, on the shares held since before it (after a split of the same day). */
export interface Dividend extends Recorded {
  readonly kind: 'dividend'
  readonly symbol: string
  readonly quantity: Decimal
  readonly perShare: Decimal
  readonly gross: Decimal
  readonly withheld: Decimal
  /** gross − withheld */
  readonly net: Decimal
}

export interface Trade extends Recorded {
  readonly kind: 'trade'
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  /** Always positive. */
  readonly quantity: Decimal
  /** What was paid or received for a share, slippage included, fee not. */
  readonly price: Decimal
  readonly fee: Decimal
  /** The order it fills; undefined for a trade somebody made by hand or a reinvested dividend. */
  readonly order?: string
  /** Price before half-spread and impact, where the broker knows it: the difference is a cost. */
  readonly referencePrice?: Decimal
  readonly origin: 'model' | 'import' | 'reinvestment'
  /** UTC ms */
  readonly at: number
}
