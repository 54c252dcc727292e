import type { Session } from '../market/session.ts'
import type { Decimal } from '../money/decimal.ts'

/** A holding by average cost; lots first in, first out, for the tax report. */
export interface Position {
  readonly symbol: string
  readonly quantity: Decimal
  /** Of all shares held, fees of the buys not included: exact, where the average is rounded. */
  readonly cost: Decimal
  /** cost / quantity, to ten decimals; zero when nothing is held. */
  readonly averageCost: Decimal
  /** Σ (proceeds − cost of what was sold) so far, fees not included. */
  readonly realised: Decimal
  readonly dividends: Decimal
  readonly fees: Decimal
  readonly lots: readonly Lot[]
  readonly opened: Session
}

export interface Lot {
  readonly session: Session
  readonly quantity: Decimal
  readonly price: Decimal
}

/** What the fund holds and has, after the last entry. Closed positions stay with a quantity of zero. */
export interface Book {
  readonly cash: Decimal
  readonly positions: ReadonlyMap<string, Position>
  /** Σ of flows and openings, realised gains, net dividends, and fees. */
  readonly paidIn: Decimal
  readonly realised: Decimal
  readonly dividends: Decimal
  readonly fees: Decimal
  /** Of the last entry. */
  readonly through: Session | undefined
}
