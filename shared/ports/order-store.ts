import type { Session } from '../domain/market/session.ts'
import type { BrokerOrder, Fill } from './broker.ts'

export type OrderState = 'submitted' | 'filled' | 'expired'

/** `execution.orders` and `execution.fills`: what a broker was given and what it did. */
export interface OrderStore {
  /** By id; known orders are left alone. `run` is the rebalance that proposed them. Open orders of earlier rebalances expire. */
  submit(run: string, broker: string, orders: readonly BrokerOrder[]): Promise<void>
  /** Submitted ones that may fill in a session up to this one, with their broker. */
  open(source: string, through: Session): Promise<(BrokerOrder & { readonly broker: string })[]>
  /** Notes the fills by (order, execution) and the orders' states. */
  fill(fills: readonly Fill[], expired: readonly string[]): Promise<void>
  /** Fills in sessions of the range, ascending by session, then order. */
  fills(source: string, from: Session, to: Session): Promise<Fill[]>
  /** An order's state and fills; undefined when no broker was given it. */
  order(
    id: string,
  ): Promise<{ readonly broker: string; readonly state: OrderState; readonly fills: readonly Fill[] } | undefined>
}
