import type { Session } from '../market/session.ts'

/**
 * A fee that a regulator takes of sales of US stocks, such as the SEC's fee on value or FINRA's on shares. Rates change once
 * or twice a year, so they are configuration and none are built in; a rate ends where the next of its name begins, and a
 * fee that is abolished ends with rates of zero.
 */
export interface RegulatoryFee {
  readonly name: string
  readonly from: Session // inclusive
  /** Dollars for each million of value sold. */
  readonly perMillion?: number
  readonly perShare?: number
  /** The most of `perShare` an order pays. */
  readonly mostPerOrder?: number
}

/**
 * The fees on one sale, in US dollars: of each name the rate last begun by that session. Not rounded up to cents, as
 * brokers do.
 */
export function regulatorySellFees(
  fees: readonly RegulatoryFee[],
  on: Session,
  quantity: number,
  notional: number,
): number {
  const inForce = new Map<string, RegulatoryFee>()
  for (const fee of fees) {
    const other = inForce.get(fee.name)
    if (fee.from <= on && (other === undefined || fee.from >= other.from)) inForce.set(fee.name, fee)
  }
  let total = 0
  for (const { perMillion = 0, perShare = 0, mostPerOrder = Number.POSITIVE_INFINITY } of inForce.values()) {
    total += (perMillion * notional) / 1e6 + Math.min(perShare * quantity, mostPerOrder)
  }
  return total
}
