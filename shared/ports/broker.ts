import type { BrokerOrder, Fill } from '../domain/execution/order.ts'
import type { Session } from '../domain/market/session.ts'
import type { Decimal } from '../domain/money/decimal.ts'

export type { BrokerOrder, Fill }

/** Somebody who trades. Submitting twice is submitting once; what is filled is asked for. */
export interface Broker {
  readonly name: string
  submit(orders: readonly BrokerOrder[]): Promise<void>
  /**
   * What was filled of these orders in sessions up to this one, inclusive, and which of them will not be filled any more. Nothing is bought
   * that the buying power (cash before, and what the sells bring) does not pay. The same answer however often it is asked.
   */
  fills(
    orders: readonly BrokerOrder[],
    through: Session,
    buyingPower: Decimal,
  ): Promise<{ readonly fills: readonly Fill[]; readonly expired: readonly string[] }>
}
